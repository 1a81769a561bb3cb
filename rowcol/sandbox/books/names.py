"""Who the demo companies deal with."""

from random import Random


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


FIRST = _names(
    "Alder|Amber|Anchor|Arcadia|Beacon|Birch|Blue Heron|Bramble|Cardinal|Cedar|Cobalt|Copper|Coral|Cypress|Dunmore|"
    "Eastgate|Elm Street|Ember|Fairhaven|Falcon|Foxglove|Glenwood|Granite|Hawthorn|Hollis|Ironbridge|Ivy|Kestrel|"
    "Lakeside|Larch|Lighthouse|Linden|Marigold|Meridian|Millbrook|Mosaic|Northgate|Oakwell|Old Mill|Orchard|Parkside|"
    "Pioneer|Quarry|Redwood|Riverbend|Rosewood|Saffron|Sagebrush|Silver Birch|Stonegate|Summit|Thistle|Tidewater|"
    "Union|Vantage|Wexford|Wild Rose|Willow|Wren|Yarrow"
)
SECOND = _names(
    "Bakeries|Beverage|Bicycles|Books|Botanicals|Capital|Ceramics|Clinic|Coffee|Dental|Development|Energy|Foods|"
    "Foundation|Furniture|Health|Holdings|Hotels|Housing|Logistics|Museum|Optics|Outdoors|Partners|Pharmacy|"
    "Properties|Realty|Restaurants|School|Software|Supply|Textiles|Theatre|Travel|Veterinary|Wellness|Winery"
)
FREELANCERS = _names(
    "Priya Raman|Tomás Ibarra|Hannah Lindqvist|Marcus Oyelaran|Keiko Arai|Dmitri Volkov|Alana Whitefeather|"
    "Beatriz Couto|Sam O'Rourke|Noor Haddad|Jonas Weber|Ifeoma Nwosu|Lucas Tremblay|Mei-Ling Chou|Rafael Quiroga|"
    "Clara Vance|Omar Siddiqui|Ingrid Solheim|Theo Papadakis|Ruth Abelson"
)
STREETS = ("Harbor", "Elm", "Mill", "Canal", "Market", "Quarry", "Orchard", "Foundry", "Chapel", "Ferry")

# Software every office pays for by card: vendor, dollars a person a month.
SUBSCRIPTIONS = (
    ("Microsoft 365", 22),
    ("Slack", 9),
    ("Adobe", 31),
    ("Zoom", 6),
    ("Dropbox", 8),
    ("Asana", 11),
    ("1Password", 4),
    ("QuickBooks", 5),
)
# What people buy with the company card: payee, account, usual dollars.
CARD_SPENDING = (
    ("Delta Air Lines", "Travel", 420),
    ("Marriott", "Travel", 310),
    ("Uber", "Travel", 34),
    ("Staples", "Office Supplies", 85),
    ("Amazon Business", "Office Supplies", 120),
    ("Blue Bottle Coffee", "Meals", 28),
    ("Corner Table Bistro", "Meals", 96),
    ("FedEx", "Office Supplies", 41),
    ("Meta Ads", "Advertising", 380),
    ("Best Buy", "Equipment", 540),
)


def business_names(rng: Random, count: int) -> list[str]:
    """Return `count` different business names."""
    picked = rng.sample(range(len(FIRST) * len(SECOND)), count)
    return [f"{FIRST[index // len(SECOND)]} {SECOND[index % len(SECOND)]}" for index in picked]


def address_of(name: str) -> str:
    """Return the e-mail address a business's invoices go to."""
    return f"accounts@{''.join(letter for letter in name.lower() if letter.isascii() and letter.isalnum())}.example"


def phone_of(rng: Random) -> str:
    """Return a telephone number of the range kept for fiction."""
    return f"(555) 555-01{rng.randrange(100):02d}"
