// Aberta como arquivo (file://), uma página não pode ler as outras: a busca fica sem os trechos, e não com erros.
if (location.protocol === "file:" && typeof DOCUMENTATION_OPTIONS !== "undefined") {
  DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
}

// O trecho mostrado sob cada resultado: a palavra é procurada sem acentos, como no índice (ver busca.py).
if (typeof Search !== "undefined") {
  const original = Search.makeSearchSummary;
  Search.makeSearchSummary = (html, radicais, ancora) => {
    // Só o artigo: o texto padrão traria também os botões e o índice da página.
    const artigo = new DOMParser().parseFromString(html, "text/html").querySelector("article");
    if (!artigo) return original(html, radicais, ancora);
    artigo.querySelectorAll(".headerlink, script, style").forEach((elemento) => elemento.remove());
    const texto = artigo.textContent.replace(/\s+/g, " ").trim();
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

// O Sphinx traduz estas duas frases da busca com erros de português.
if (typeof Documentation !== "undefined") {
  const muitas = "${resultCount} páginas encontradas.";
  Object.assign(Documentation.TRANSLATIONS, {
    "Search finished, found one page matching the search query.": ["Uma página encontrada.", muitas, muitas],
    "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories.":
      "Nada encontrado. Confira as palavras, ou procure por menos delas: uma página só aparece se tem todas.",
  });
}
