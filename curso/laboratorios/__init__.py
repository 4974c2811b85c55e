"""Um módulo para cada laboratório: uma função pura que desenha, e os widgets em volta dela."""
