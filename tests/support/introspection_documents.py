"""Documents that ask much of introspection."""

BOMB = (
    "{__schema{"
    + " ".join(f"t{number}:types{{...T}}" for number in range(14))
    + """}}
fragment T on __Type{fields{type{ofType{fields{args{type{ofType{isOneOf}}}type{isOneOf ofType{isOneOf}}}}}}}"""
)

DEEP = """{__schema{types{...T}}}
fragment T on __Type{a:fields{...F} b:fields{...F} c:fields{...F}}
fragment F on __Field{a:args{type{...K}} b:type{...K} c:type{ofType{fields{name args{type{...K}}}}}}
fragment K on __Type{kind name isOneOf ofType{kind name isOneOf ofType{kind name isOneOf}}}"""
