// O que só se sabe de dentro da página: o estado do JupyterLab, e não o que parece estar na tela.
() => {
  const app = () => window.jupyterapp;
  const painel = () => app().shell.currentWidget;
  const notebook = () => painel().content;
  const kernel = () => painel().context.sessionContext.session.kernel;
  const celulas = () => notebook().widgets;

  window.bancada = {
    // O sinal de «ocioso» aparece antes de o kernel estar ligado: executar então perderia células.
    pronto(nome) {
      const p = app()?.shell?.currentWidget;
      const k = p?.sessionContext?.session?.kernel;
      if (!p?.context?.path?.endsWith(nome) || !k) return false;
      k.info.then(() => { k.respondeu = true; });
      return p.context.isReady && p.sessionContext.isReady && k.respondeu === true &&
        k.connectionStatus === 'connected';
    },
    marcar() {
      for (const celula of celulas()) celula.node.dataset.celula = celula.model.id;
      if (!app().shell.leftCollapsed) app().commands.execute('application:toggle-left-area');
    },
    executarTudo() {
      for (const celula of celulas()) if (celula.model.type === 'code') celula.model.clearExecution();
      app().commands.execute('notebook:run-all-cells');
    },
    executou() {
      return celulas().every(
        c => c.model.type !== 'code' || !c.model.sharedModel.source.trim() || c.model.executionCount > 0
      ) && kernel().status === 'idle';
    },
    // O que o leitor veria como um widget morto.
    mortos() {
      const sinais = '.jupyter-widgets-disconnected, .jp-Output-error, .jp-mod-error';
      const frases = /Loading widget|Error displaying widget|Carregando widget|Error creating widget/;
      const vistas = [...notebook().node.querySelectorAll('.jupyter-widgets-view, .jp-OutputArea-output')];
      return [
        ...[...notebook().node.querySelectorAll(sinais)].map(n => `${n.className}: ${n.textContent.slice(0, 80)}`),
        ...vistas.filter(n => frases.test(n.textContent)).map(n => n.textContent.slice(0, 80)),
        ...vistas.filter(n => n.matches('.jupyter-widgets-view') && !n.children.length).map(() => 'vista vazia'),
      ];
    },
    desenhou() {
      const vistas = [...notebook().node.querySelectorAll('.jupyter-widgets-view')];
      return vistas.every(n => n.querySelector('.jupyter-widgets'));
    },
    erros() {
      const ruins = [];
      for (const celula of celulas()) {
        if (celula.model.type !== 'code') continue;
        for (const saida of celula.model.outputs.toJSON()) {
          if (saida.output_type === 'error') ruins.push(`${celula.model.id}: ${saida.ename}: ${saida.evalue}`);
          if (/Traceback \(most recent/.test(JSON.stringify(saida))) ruins.push(`${celula.model.id}: traceback`);
        }
      }
      return ruins;
    },
    async pedir(expressao, modulo, valores) {
      const pedido = JSON.stringify(JSON.stringify({expressao, modulo, valores}));
      // A resposta vem como repr: em base64, nada nela precisa de escape.
      const codigo = `(lambda j, p: __import__('base64').b64encode(j.dumps(eval(p['expressao'], globals() | ` +
        `vars(__import__('importlib').import_module(p['modulo'])) | p['valores'])).encode()).decode())` +
        `(__import__('json'), __import__('json').loads(${pedido}))`;
      const resposta = await kernel().requestExecute(
        {code: '', silent: true, store_history: false, user_expressions: {r: codigo}}
      ).done;
      const r = resposta.content.user_expressions.r;
      if (r.status !== 'ok') throw new Error(`${r.ename}: ${r.evalue} em ${expressao}`);
      return JSON.parse(atob(r.data['text/plain'].slice(1, -1)));
    },
    async encerrar() {
      const p = painel();
      await p.context.save();
      await p.sessionContext.shutdown();
      p.close();
    },
  };
}
