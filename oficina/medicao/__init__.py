"""Tempo e memória do curso, medidos: o que um aluno espera, e quantos alunos cabem em uma máquina.

Um módulo por medida; cada um grava o seu ``oficina/medidas/*.json``, e ``tabela`` junta todos em ``oficina/MEDIDAS.md``.
Nenhum deles aprova nem reprova: isso é dos testes.
"""
