module rangelist/adapters

go 1.19
