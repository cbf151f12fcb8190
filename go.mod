module tanya

go 1.26
