// Reparte em mais slides o que não cabe em um, e começa a apresentação.
// É aqui, e não em Python, porque a altura de um texto depende das letras que há em cada máquina.
(() => {
  "use strict";
  const LARGURA = 1280, ALTURA = 720, PE = 34; // o pé guarda o número do slide
  const BLOCO_DE_CELULA = ".jp-Cell-inputWrapper, .jp-OutputArea-child";

  const folha = document.createElement("div");
  folha.className = "reveal medida";
  folha.innerHTML = '<div class="slides"></div>';

  const novoSlide = () => folha.firstChild.appendChild(document.createElement("section"));
  const cabe = (slide) => slide.scrollHeight <= ALTURA - PE;
  const eTitulo = (bloco) => /^H[1-6]$/.test(bloco.tagName);

  // Um slide é uma fila de blocos: parágrafo, lista, tabela, ou uma célula com o seu código e a sua saída.
  function blocosDe(slide) {
    return [...slide.children].filter((filho) => !filho.matches("aside.notes")).flatMap((celula) => {
      const texto = celula.querySelector(":scope .jp-RenderedMarkdown");
      return celula.matches(".jp-MarkdownCell") && texto ? [...texto.children] : [celula];
    });
  }

  // «Veja:» e o que se vê ficam juntos.
  function unidades(blocos) {
    const juntas = [];
    let presa = false;
    for (const bloco of blocos) {
      if (presa) juntas.at(-1).push(bloco); else juntas.push([bloco]);
      presa = bloco.tagName === "P" && bloco.textContent.trim().endsWith(":");
    }
    return juntas;
  }

  // Uma figura pode diminuir um pouco para ficar ao lado do que se diz dela; nunca abaixo de ``minimo`` do tamanho.
  function encolher(bloco, slide, minimo) {
    const figura = bloco.querySelector(".figura");
    if (!figura) return false;
    const inteira = figura.offsetHeight, nova = inteira - (slide.scrollHeight - (ALTURA - PE));
    if (nova < inteira * minimo) return false;
    figura.style.maxHeight = `${Math.floor(nova)}px`;
    return cabe(slide);
  }

  // Letra um ponto menor, quando isso poupa um slide só com o fim do assunto.
  function apertado(blocos) {
    const slide = novoSlide();
    slide.className = "aperto";
    slide.append(...blocos);
    return cabe(slide) ? slide : void slide.remove();
  }

  function metades(bloco) {
    const daCelula = bloco.matches(".jp-CodeCell") ? [...bloco.querySelectorAll(BLOCO_DE_CELULA)] : [];
    if (daCelula.length > 1) return daCelula;
    const linhas = bloco.matches("table") ? [...bloco.querySelectorAll("tbody > tr")]
      : bloco.matches("ul, ol") ? [...bloco.children] : null;
    if (linhas) return linhas.length > 1 ? cortar(bloco, linhas) : [];
    const pre = bloco.matches("pre") ? bloco : bloco.querySelector("pre");
    return pre ? cortarTexto(bloco, pre) : [];
  }

  let cortes = 0;
  function cortar(bloco, linhas) {
    bloco.dataset.corte ||= ++cortes;
    const meio = Math.ceil(linhas.length / 2), outro = bloco.cloneNode(true);
    const copias = bloco.matches("table") ? [...outro.querySelectorAll("tbody > tr")] : [...outro.children];
    copias.slice(0, meio).forEach((linha) => linha.remove());
    linhas.slice(meio).forEach((linha) => linha.remove());
    if (bloco.tagName === "OL") outro.start = (bloco.start || 1) + meio;
    return [bloco, outro];
  }

  // Dois pedaços da mesma tabela que acabaram no mesmo slide voltam a ser um, se ainda couberem: as colunas mudam.
  function emendar(pagina) {
    const corpo = (bloco) => bloco.tBodies?.[0] || bloco;
    for (const bloco of [...pagina.querySelectorAll(":scope > [data-corte]")]) {
      const anterior = bloco.previousElementSibling, linhas = [...corpo(bloco).children];
      if (!anterior || anterior.dataset.corte !== bloco.dataset.corte) continue;
      corpo(anterior).append(...linhas);
      bloco.remove();
      if (cabe(pagina)) continue;
      pagina.classList.add("aperto");
      if (cabe(pagina)) continue;
      pagina.classList.remove("aperto");
      corpo(bloco).append(...linhas);
      anterior.after(bloco);
    }
  }

  function cortarTexto(bloco, pre) {
    const alvo = pre.querySelector("code") || pre;
    const linhas = alvo.innerHTML.replace(/\n$/, "").split("\n"), meio = Math.ceil(linhas.length / 2);
    if (linhas.length < 2) return [];
    const outro = bloco.cloneNode(true), outroPre = outro.matches("pre") ? outro : outro.querySelector("pre");
    alvo.innerHTML = linhas.slice(0, meio).join("\n");
    (outroPre.querySelector("code") || outroPre).innerHTML = linhas.slice(meio).join("\n");
    return [bloco, outro];
  }

  function paginar(original) {
    const notas = [...original.querySelectorAll(":scope > aside.notes")];
    // Na janela das notas não há folha de estilo nossa: a quebra das linhas de código vai em cada bloco.
    for (const nota of notas) nota.querySelectorAll("pre").forEach((pre) => { pre.style.whiteSpace = "pre-wrap"; });
    const blocos = blocosDe(original);
    const titulo = blocos.find(eTitulo);
    const inteiro = novoSlide();
    inteiro.append(...blocos);
    const unico = cabe(inteiro) ? inteiro : apertado(blocos);
    if (unico) {
      original.replaceWith(unico);
      return unico.append(...notas);
    }
    blocos.forEach((bloco) => bloco.remove());
    const paginas = [novoSlide()];

    const virar = () => {
      const pagina = novoSlide();
      if (titulo) {
        const repetido = document.createElement("h3");
        repetido.className = "continua";
        repetido.innerHTML = `${titulo.innerHTML} <small>(continuação)</small>`;
        pagina.append(repetido);
      }
      paginas.push(pagina);
    };

    function por(unidade) {
      paginas.at(-1).append(...unidade);
      if (cabe(paginas.at(-1))) return;
      const sozinha = [...paginas.at(-1).children].every((bloco) => eTitulo(bloco) || unidade.includes(bloco));
      if (encolher(unidade.at(-1), paginas.at(-1), sozinha ? 0.5 : 0.7)) return;
      unidade.forEach((bloco) => bloco.remove());
      if (!sozinha) {
        const repartivel = unidade.length === 1 && unidade[0].matches("table, ul, ol");
        if (!repartivel || (!unidade[0].dataset.corte && altura(unidade[0]) < ALTURA / 2)) { virar(); return por(unidade); }
      }
      if (unidade.length > 1) return unidade.forEach((bloco) => por([bloco]));
      const partes = metades(unidade[0]);
      if (partes.length < 2 && !sozinha && unidade[0].dataset.corte) { virar(); return por(unidade); }
      if (partes.length > 1) return partes.forEach((parte) => por([parte]));
      if (!sozinha) virar();
      rolar(unidade[0]);
    }

    function altura(bloco) {
      const prova = novoSlide();
      prova.append(bloco);
      const medida = bloco.offsetHeight;
      bloco.remove(); prova.remove();
      return medida;
    }

    // Último recurso: um bloco que nem sozinho cabe, e não se corta, ganha uma barra, que o teclado alcança.
    function rolar(bloco) {
      const pagina = paginas.at(-1);
      const livre = ALTURA - PE - pagina.scrollHeight;
      const caixa = document.createElement("div");
      caixa.className = "rolavel";
      caixa.tabIndex = 0;
      caixa.style.maxHeight = `${livre - 20}px`;
      caixa.append(bloco);
      pagina.append(caixa);
    }

    unidades(blocos).forEach(por);
    paginas.forEach(emendar);
    original.replaceWith(...paginas);
    for (const pagina of paginas) pagina.append(...notas.map((nota) => nota.cloneNode(true)));
  }

  function emPortugues() {
    const nomes = { "navigate-left": "seção anterior", "navigate-right": "próxima seção",
      "navigate-up": "slide acima", "navigate-down": "slide abaixo" };
    for (const [classe, nome] of Object.entries(nomes))
      document.querySelectorAll(`.controls .${classe}`).forEach((botao) => botao.setAttribute("aria-label", nome));
    document.querySelectorAll(".resume-button").forEach((botao) => { botao.textContent = "Continuar"; });
  }

  window.addEventListener("load", () => {
    document.body.append(folha);
    const primeiro = document.querySelector(".slides > section > section");
    const teclas = document.createElement("p");
    teclas.className = "teclas";
    teclas.textContent = "Espaço: avançar · setas: andar · Esc: todos os slides · F: tela cheia · S: notas de quem apresenta";
    primeiro.append(teclas);
    document.querySelectorAll("main .slides > section > section").forEach(paginar);
    folha.remove();
    Reveal.initialize({
      width: LARGURA, height: ALTURA, margin: 0.02, center: false, hash: true, transition: "none",
      slideNumber: "c/t", controlsTutorial: false, help: false, pdfSeparateFragments: false, plugins: [RevealNotes],
    }).then(() => { emPortugues(); document.documentElement.dataset.pronto = "sim"; });
  });
})();
