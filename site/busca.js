// A metade da busca que roda no navegador: a mesma conta de busca.py, que explica por quê.
window.semAcentos = (texto) => texto.toLowerCase().normalize("NFD").replace(/\p{Mn}/gu, "");
window.Stemmer = function () {
  const radical = new PortugueseStemmer();
  this.stemWord = (palavra) => radical.stemWord(semAcentos(palavra).replace(/[ao]es$/, "ao"));
};
