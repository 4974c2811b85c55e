// Dá nome, para leitores de tela, ao que o JupyterLab e os ipywidgets deixam sem nome:
// as figuras e os gráficos das saídas, as réguas, os grupos de botões.
//
// É uma extensão do JupyterLab escrita à mão, sem compilação: `python -m curso abrir` a carrega, e
// nada muda nos notebooks. O texto vem sempre de quem desenhou: o <title> e o <desc> do SVG, o campo
// `alt` dos metadados da saída (que o nbconvert também lê), o rótulo visível do controle.
"use strict";

const SEM_DESCRICAO = "Gráfico; o texto ao lado diz o que ele mostra";

function nomeDoSvg(endereco) {
  const virgula = endereco.indexOf(",");
  const corpo = endereco.slice(virgula + 1);
  let escrito;
  try {
    escrito = endereco.slice(0, virgula).endsWith(";base64")
      ? new TextDecoder().decode(Uint8Array.from(atob(corpo), (c) => c.charCodeAt(0)))
      : decodeURIComponent(corpo);
  } catch {
    return ""; // um endereço malformado fica sem nome, e a página segue
  }
  const raiz = new DOMParser().parseFromString(escrito, "image/svg+xml").documentElement;
  const partes = ["title", "desc"].map((marca) => raiz.querySelector(`:scope > ${marca}`)?.textContent.trim());
  return partes.filter(Boolean).map((parte) => (/[.!?…]$/.test(parte) ? parte : `${parte}.`)).join(" ");
}

function descricaoGuardada(app, imagem) {
  const celula = imagem.closest(".jp-CodeCell");
  for (const painel of app.shell.widgets("main")) {
    const dona = celula && painel.content?.widgets?.find((c) => c.node === celula);
    const saidas = dona?.model.outputs;
    const indice = [...(celula?.querySelectorAll(".jp-OutputArea-child") ?? [])].indexOf(
      imagem.closest(".jp-OutputArea-child"),
    );
    if (saidas && indice >= 0 && indice < saidas.length) {
      const metadados = saidas.get(indice).metadata ?? {};
      return metadados["image/png"]?.alt ?? metadados["image/jpeg"]?.alt ?? "";
    }
  }
  return "";
}

function nomearImagens(app) {
  for (const imagem of document.querySelectorAll(".jp-OutputArea-output img:not([alt])")) {
    const nome = imagem.src.startsWith("data:image/svg") ? nomeDoSvg(imagem.src) : descricaoGuardada(app, imagem);
    imagem.alt = nome || SEM_DESCRICAO;
  }
}

function por(elemento, atributo, valor) {
  if (elemento && valor && elemento.getAttribute(atributo) !== valor) elemento.setAttribute(atributo, valor);
}

const rotuloDe = (controle) => controle.querySelector(":scope > .widget-label")?.textContent.trim().replace(/:$/, "");

function nomearControles() {
  for (const regua of document.querySelectorAll(".widget-slider")) {
    const nome = rotuloDe(regua);
    const mostrado = regua.querySelector(".widget-readout");
    const pega = regua.querySelector(".noUi-handle");
    por(pega, "aria-label", nome);
    por(pega, "aria-valuetext", mostrado?.textContent); // o valor que se lê, e não o índice dele
    por(mostrado, "role", "textbox");
    por(mostrado, "aria-label", nome && `${nome}, valor escrito`);
  }
  for (const grupo of document.querySelectorAll(".widget-toggle-buttons")) {
    por(grupo, "role", "group");
    por(grupo, "aria-label", rotuloDe(grupo));
  }
  for (const botao of document.querySelectorAll(".widget-toggle-buttons button, button.widget-toggle-button")) {
    por(botao, "aria-pressed", String(botao.classList.contains("mod-active")));
  }
  // Uma opção do questionário é um botão com a letra e, ao lado, o que ela diz.
  for (const botao of document.querySelectorAll(".widget-hbox > button.widget-toggle-button:first-child")) {
    const dito = botao.nextElementSibling?.querySelector(".widget-html-content")?.textContent.trim();
    por(botao, "aria-label", dito && `${botao.textContent.trim()}) ${dito}`);
  }
  for (const rotulo of document.querySelectorAll('.widget-label[title="null"]')) {
    rotulo.removeAttribute("title"); // a dica «null», que os ipywidgets deixam quando não há dica
  }
  // O quadro de um laboratório muda longe do controle: quem não vê ouve a nova leitura.
  for (const quadro of document.querySelectorAll(".widget-html-content:has(> svg[role=img])")) {
    por(quadro, "aria-live", "polite");
  }
}

function ativar(app) {
  let marcado = false;
  const passar = () => {
    marcado = false;
    nomearImagens(app);
    nomearControles();
  };
  const observador = new MutationObserver(() => {
    if (!marcado) {
      marcado = true;
      requestAnimationFrame(passar);
    }
  });
  observador.observe(document.body, {
    subtree: true,
    childList: true,
    characterData: true,
    attributeFilter: ["src", "class", "aria-valuenow"],
  });
}

// O mesmo que uma extensão compilada publicaria: um módulo, com um plugin que começa sozinho.
const plugin = { id: "curso-acessibilidade:nomes", autoStart: true, activate: ativar };
window._JUPYTERLAB = window._JUPYTERLAB || {};
window._JUPYTERLAB["curso-acessibilidade"] = {
  init: () => {},
  get: () => Promise.resolve(() => ({ __esModule: true, default: plugin })),
};
