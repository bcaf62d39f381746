"""What a Brazilian chain of shops looks like: states, names, goods, seasons.

Invariant: constants only; weights and prices (in centavos) are whole numbers. People are made up.
"""

REGIONS = ("Norte", "Nordeste", "Centro-Oeste", "Sudeste", "Sul")

# (abbreviation, name, region, weight: about the state's share of the population, in thousandths)
STATES = (
    ("AC", "Acre", "Norte", 4),
    ("AL", "Alagoas", "Nordeste", 15),
    ("AM", "Amazonas", "Norte", 19),
    ("AP", "Amapá", "Norte", 4),
    ("BA", "Bahia", "Nordeste", 70),
    ("CE", "Ceará", "Nordeste", 43),
    ("DF", "Distrito Federal", "Centro-Oeste", 14),
    ("ES", "Espírito Santo", "Sudeste", 19),
    ("GO", "Goiás", "Centro-Oeste", 35),
    ("MA", "Maranhão", "Nordeste", 33),
    ("MG", "Minas Gerais", "Sudeste", 101),
    ("MS", "Mato Grosso do Sul", "Centro-Oeste", 14),
    ("MT", "Mato Grosso", "Centro-Oeste", 18),
    ("PA", "Pará", "Norte", 40),
    ("PB", "Paraíba", "Nordeste", 20),
    ("PE", "Pernambuco", "Nordeste", 45),
    ("PI", "Piauí", "Nordeste", 16),
    ("PR", "Paraná", "Sul", 56),
    ("RJ", "Rio de Janeiro", "Sudeste", 79),
    ("RN", "Rio Grande do Norte", "Nordeste", 16),
    ("RO", "Rondônia", "Norte", 8),
    ("RR", "Roraima", "Norte", 3),
    ("RS", "Rio Grande do Sul", "Sul", 54),
    ("SC", "Santa Catarina", "Sul", 37),
    ("SE", "Sergipe", "Nordeste", 11),
    ("SP", "São Paulo", "Sudeste", 219),
    ("TO", "Tocantins", "Norte", 7),
)
REGION_OF = {state: region for state, _, region, _ in STATES}

# What somebody typed where one of the five regions belongs.
UNKNOWN_REGIONS = ("Leste", "Exterior", "N/D", "")

FIRST_NAMES = (
    "Adriana", "Ana", "André", "Antônio", "Beatriz", "Bruno", "Camila", "Carlos", "Cláudia",
    "Conceição", "Daniel", "Débora", "Eduardo", "Fábio", "Fernanda", "Flávia", "Francisco",
    "Gabriel", "Helena", "Inês", "Isabel", "João", "José", "Juliana", "Larissa", "Letícia",
    "Lúcia", "Luís", "Marcos", "Maria", "Mônica", "Patrícia", "Paulo", "Rafael", "Raimunda",
    "Renata", "Rodrigo", "Sebastião", "Sônia", "Tatiana", "Thiago", "Vitória",
)  # fmt: skip
LAST_NAMES = (
    "Albuquerque", "Almeida", "Alves", "Andrade", "Araújo", "Assunção", "Barbosa", "Barros",
    "Batista", "Cardoso", "Carvalho", "Castro", "Cavalcanti", "Correia", "Costa", "Dias",
    "Fernandes", "Ferreira", "Figueirêdo", "Freitas", "Gomes", "Gonçalves", "Lima", "Lopes",
    "Magalhães", "Marques", "Martins", "Mendes", "Monteiro", "Moraes", "Moura", "Nascimento",
    "Oliveira", "Pereira", "Ramos", "Ribeiro", "Rocha", "Rodrigues", "Santos", "Silva", "Souza",
    "Teixeira", "Vasconcelos", "Vieira",
)  # fmt: skip

# category: (weight, usual price in centavos)
CATEGORIES = {
    "Alimentos": (240, 2_500),
    "Beleza": (130, 4_500),
    "Brinquedos": (70, 6_000),
    "Calçados": (120, 11_000),
    "Eletrônicos": (110, 65_000),
    "Móveis": (60, 48_000),
    "Papelaria": (120, 1_800),
    "Vestuário": (150, 8_000),
}

# (month, category): how many times the usual weight, in tenths. School starts in February, Mother's
# Day is the second Sunday of May, June has Lovers' Day and, in the north-east, São João.
SEASONS = {
    (1, "Papelaria"): 25,
    (2, "Papelaria"): 20,
    (5, "Beleza"): 25,
    (5, "Vestuário"): 20,
    (5, "Calçados"): 15,
    (6, "Alimentos"): 15,
    (6, "Vestuário"): 15,
}

# Monday to Sunday, in tenths: Saturday is the day of shopping.
WEEKDAYS = (8, 8, 9, 10, 13, 17, 5)

# How much of the half-year is sold in each month, January to June, in hundredths.
MONTHS = (15, 13, 16, 16, 21, 19)

CHANNELS = {"loja": 70, "site": 20, "app": 10}
