// Aberta como arquivo (file://), uma página não pode ler as outras: a busca fica sem os trechos, e não com erros.
if (location.protocol === "file:" && typeof DOCUMENTATION_OPTIONS !== "undefined") {
  DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
}

// O trecho mostrado sob cada resultado: a palavra é procurada sem acentos, como no índice (ver busca.py).
if (typeof Search !== "undefined") {
  const original = Search.makeSearchSummary;
  Search.makeSearchSummary = (html, radicais, ancora) => {
    const texto = Search.htmlToText(html, ancora).replace(/\s+/g, " ").trim();
    const plano = semAcentos(texto);
    const achados = [...radicais].map((radical) => plano.indexOf(radical)).filter((onde) => onde > -1);
    if (!achados.length || plano.length !== texto.length) return original(html, radicais, ancora);
    const comeco = Math.max(0, Math.min(...achados) - 120);
    const trecho = document.createElement("p");
    trecho.className = "context";
    trecho.textContent = (comeco ? "…" : "") + texto.slice(comeco, comeco + 240) + "…";
    return trecho;
  };
}
