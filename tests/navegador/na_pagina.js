// O que só se sabe de dentro da página: o estado do JupyterLab, e não o que parece estar na tela.
() => {
  const app = () => window.jupyterapp;
  const painel = () => app().shell.currentWidget;
  const notebook = () => painel().content;
  const kernel = () => painel().context.sessionContext.session.kernel;
  const celulas = () => notebook().widgets;
  const deCodigo = quais =>
    celulas().filter(c => c.model.type === 'code' && (!quais || quais.includes(c.model.id)));

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
    // Todas as células de código, ou só as que têm estes identificadores.
    executar(quais) {
      const rodam = deCodigo(quais);
      notebook().deselectAll();
      notebook().activeCellIndex = celulas().indexOf(rodam.at(-1));
      for (const celula of rodam) {
        celula.model.clearExecution();
        notebook().select(celula);
      }
      app().commands.execute('notebook:run-cell');
      notebook().deselectAll();
    },
    executou(quais) {
      return deCodigo(quais).every(c => !c.model.sharedModel.source.trim() || c.model.executionCount > 0) &&
        kernel().status === 'idle';
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
    // Avalia no kernel, sem contar como execução; a resposta é o repr que o IPython daria.
    async pedir(codigo) {
      const resposta = await kernel().requestExecute(
        {code: '', silent: true, store_history: false, user_expressions: {r: codigo}}
      ).done;
      const r = resposta.content.user_expressions.r;
      if (r.status !== 'ok') throw new Error(`${r.ename}: ${r.evalue}`);
      return r.data['text/plain'];
    },
    // Os trechos que o laboratório mostra são estes? Um texto só: a figura; uma lista: a página inteira.
    mostra(id, esperado) {
      const html = this.trechos(id);
      const igual = marcacao => { const t = document.createElement('template'); t.innerHTML = marcacao; return t.innerHTML; };
      if (typeof esperado === 'string') return html.length === 1 && html[0].includes(igual(esperado));
      return JSON.stringify(html) === JSON.stringify(esperado.map(igual));
    },
    trechos(id) {
      const saidas = document.querySelectorAll(`[data-celula="${id}"] .jp-OutputArea .widget-html-content`);
      return [...saidas].filter(n => n.innerHTML && n.offsetParent).map(n => n.innerHTML);
    },
    // O que está escrito na figura ou na página: para a mensagem de uma falha.
    lido(id) {
      const svg = document.querySelector(`[data-celula="${id}"] .widget-html-content svg`);
      return svg ? svg.getAttribute('aria-label') : this.trechos(id).join(' ').replace(/<[^>]+>/g, ' ');
    },
    intrusos(id) {
      const nós = document.querySelectorAll(`[data-celula="${id}"] .jp-OutputArea`);
      return [...nós].flatMap(n => [...n.querySelectorAll('script, img, iframe, object, embed, [onclick], [onerror]')])
        .map(n => n.outerHTML.slice(0, 80));
    },
    estrutura() {
      return celulas().map(c => [c.model.id, c.model.type, c.model.sharedModel.source]);
    },
    rolar(id) {
      const n = celulas().findIndex(c => c.model.id === id);
      notebook().activeCellIndex = n;
      return notebook().scrollToItem(n, 'smart');
    },
    // Marca com um número o que se alcança com Tab em um laboratório, e diz quantos são.
    focaveis(id) {
      const nós = document.querySelectorAll(
        ['input', 'textarea', 'button', '.noUi-handle'].map(s => `[data-celula="${id}"] .jp-OutputArea-output ${s}`).join()
      );
      const vistos = [...nós].filter(n => n.offsetParent && !n.disabled);
      vistos.forEach((n, i) => { n.dataset.foco = i; });
      return vistos.length;
    },
    // O que não cabe na largura da janela nem se alcança rolando, e a menor letra das figuras, em pixels.
    estreito(id) {
      const saida = document.querySelector(`[data-celula="${id}"] .jp-OutputArea`);
      const rola = n => {
        for (let p = n.parentElement; p && p !== saida.parentElement; p = p.parentElement)
          if (/auto|scroll/.test(getComputedStyle(p).overflowX) && p.scrollWidth > p.clientWidth &&
              p.getBoundingClientRect().right <= innerWidth + 1) return true;
        return false;
      };
      const vistos = [...saida.querySelectorAll('.jupyter-widgets, button, input, textarea, .noUi-handle, svg')]
        .filter(n => n.offsetParent || n.matches('svg'));
      const cortados = vistos.filter(n => {
        const r = n.getBoundingClientRect();
        return r.width && (r.left < -1 || r.right > innerWidth + 1) && !rola(n);
      });
      const letras = [...saida.querySelectorAll('.widget-html-content svg text')].map(
        t => t.getAttribute('font-size') * t.ownerSVGElement.getBoundingClientRect().width /
          t.ownerSVGElement.viewBox.baseVal.width
      );
      return {
        cortados: cortados.map(n => `${n.tagName}.${n.className.baseVal ?? n.className}: ${n.textContent.slice(0, 30)}`),
        letra: letras.length ? Math.min(...letras) : null,
      };
    },
    async tema(nome) {
      await app().commands.execute('apputils:change-theme', {theme: nome});
    },
    comTema: nome => document.body.dataset.jpThemeName === nome,
    async encerrar() {
      const p = painel();
      await p.context.save();
      await p.sessionContext.shutdown();
      p.close();
    },
  };
}
