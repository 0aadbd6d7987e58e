"""The demo project's chains, with dates around the moment of seeding."""

from datetime import UTC, datetime, timedelta

from gateway.sandbox.demo.items import BANNERS, EMBERS
from gateway.sandbox.domain.daily_rounds import DailyType
from gateway.sandbox.domain.languages import Texts
from gateway.sandbox.domain.schedules import Schedule
from gateway.sandbox.http.images import image_path
from gateway.sandbox.storage.chain_writes import NewChain, NewReward, NewStep
from gateway.sandbox.storage.chains import ChainKind

_ALREADY_RUNNING = timedelta(days=7)
_CALENDAR_BEGAN = timedelta(days=2)
_ENDS_SOON = timedelta(hours=3)
_ENDS_LATER = timedelta(days=30)


def wanderers_path(now: float) -> NewChain:
    """Mixed free and paid steps, with a bundle and a currency pack: the chain to try first."""
    return NewChain(
        kind=ChainKind.OFFER,
        name={"en": "Wanderer's Path", "de": "Pfad des Wanderers", "fr": "Le chemin du vagabond"},
        description={
            "en": "Five gifts along the road, and some are worth a coin.",
            "de": "Fünf Gaben am Wegesrand, und manche sind eine Münze wert.",
            "fr": "Cinq présents au bord du chemin ; certains valent bien une pièce.",
        },
        order=1,
        date_start=_date(now, -_ALREADY_RUNNING),
        date_end=_date(now, _ENDS_LATER),
        steps=(
            _free("healing_draught", 3),
            _paid("wanderer_bundle"),
            _free("ember_key"),
            _paid("moonstones_500"),
            _free("phoenix_feather"),
        ),
    )


def lantern_night(now: float) -> NewChain:
    """Ends three hours after it was seeded."""
    return NewChain(
        kind=ChainKind.OFFER,
        name={"en": "Lantern Night", "de": "Laternennacht"},
        description={"en": "Gone before the oil is.", "de": "Vorbei, ehe das Öl ausgeht."},
        order=2,
        date_start=_date(now, -_ALREADY_RUNNING),
        date_end=_date(now, _ENDS_SOON),
        steps=(_free("lantern_oil", 2), _paid("storm_lantern"), _free("gold", 100)),
    )


def weekly_supplies(now: float) -> NewChain:
    """Starts over on Mondays at 06:00 UTC."""
    return NewChain(
        kind=ChainKind.OFFER,
        name={"en": "Weekly Supplies", "de": "Wochenvorrat"},
        description={"en": "Fresh every Monday.", "de": "Jeden Montag neu."},
        order=3,
        date_start=_date(now, -_ALREADY_RUNNING),
        schedule=Schedule("weekly", day_of_week=1, time="06:00:00+00:00"),
        steps=(_free("gold", 50), _paid("supply_crate"), _free("healing_draught")),
    )


def first_steps(now: float) -> NewChain:
    """Free from end to end; the veteran has finished it."""
    return NewChain(
        kind=ChainKind.OFFER,
        name={"en": "First Steps", "de": "Erste Schritte"},
        description={"en": "A welcome in three parts.", "de": "Ein Willkommen in drei Teilen."},
        order=4,
        date_start=_date(now, -_ALREADY_RUNNING),
        steps=(_free("gold", 25), _free("lantern_oil"), _free("ember_key")),
    )


def ember_trail(now: float) -> NewChain:
    """Personal; one Wanderer's Bundle reaches the first step."""
    return NewChain(
        kind=ChainKind.REWARD,
        name={"en": "Ember Trail", "de": "Glutspur"},
        description={"en": "Every purchase feeds the fire.", "de": "Jeder Einkauf nährt das Feuer."},
        long_description={
            "en": "Embers are kept, not spent: each step opens once you have earned enough of them.",
            "de": "Glut wird behalten, nicht ausgegeben: Jede Stufe öffnet sich, sobald du genug davon hast.",
        },
        image_url=image_path("ember_trail"),
        order=1,
        date_start=_date(now, -_ALREADY_RUNNING),
        date_end=_date(now, _ENDS_LATER),
        value_point=EMBERS,
        steps=(
            _reached({"en": "Spark", "de": "Funke"}, 100, ("gold", 200)),
            _reached({"en": "Flame", "de": "Flamme"}, 300, ("healing_draught", 10), ("ember_key", 1)),
            _reached({"en": "Blaze", "de": "Feuersbrunst"}, 700, ("moonstones_500", 1)),
            _reached({"en": "Phoenix", "de": "Phönix"}, 1500, ("phoenix_feather", 3)),
        ),
    )


def guild_banner(now: float) -> NewChain:
    """For clans; the veteran and their guild mate have reached its first step together."""
    return NewChain(
        kind=ChainKind.REWARD,
        name={"en": "Raise the Banner", "de": "Hisst das Banner"},
        description={
            "en": "What one buys, the whole guild counts.",
            "de": "Was einer kauft, zählt für die ganze Gilde.",
        },
        image_url=image_path("guild_banner"),
        order=2,
        date_start=_date(now, -_ALREADY_RUNNING),
        value_point=BANNERS,
        clan_type="guild",
        popup_header={"en": "How to unlock rewards", "de": "So schaltet ihr Belohnungen frei"},
        popup_instruction={
            "en": "Join a guild first. Purchases of all its members raise the banner.",
            "de": "Tritt zuerst einer Gilde bei. Die Einkäufe aller Mitglieder hissen das Banner.",
        },
        popup_image_url=image_path("guild_banner_popup"),
        steps=(
            _reached({"en": "Pennant", "de": "Wimpel"}, 50, ("guild_horn", 1)),
            _reached({"en": "Standard", "de": "Standarte"}, 150, ("gold", 500), ("lantern_oil", 5)),
            _reached({"en": "Great Banner", "de": "Großes Banner"}, 400, ("wanderer_bundle", 1)),
        ),
    )


def seven_sunrises(now: float) -> NewChain:
    """A calendar of a week, which starts over after it; its first two days passed before it was seeded."""
    return NewChain(
        kind=ChainKind.DAILY,
        name={"en": "Seven Sunrises", "de": "Sieben Sonnenaufgänge"},
        description={"en": "One gift each day, and only on its day.", "de": "Jeden Tag eine Gabe, nur an ihrem Tag."},
        order=1,
        date_start=_midnight(now, -_CALENDAR_BEGAN),
        daily_type=DailyType.CALENDAR,
        is_recurrent=True,
        steps=(
            _day("gold", 50),
            _day("healing_draught", 2),
            _day("lantern_oil", 3),
            _day("gold", 100),
            _day("ember_key"),
            _day("healing_draught", 5),
            _day("phoenix_feather"),
        ),
    )


def campfire_streak(now: float) -> NewChain:
    """Days in a row: a day without a claim puts the fire out."""
    return NewChain(
        kind=ChainKind.DAILY,
        name={"en": "Campfire Streak", "de": "Lagerfeuer"},
        description={"en": "Come back every day to keep it burning.", "de": "Komm jeden Tag wieder, damit es brennt."},
        order=2,
        date_start=_midnight(now, -_ALREADY_RUNNING),
        daily_type=DailyType.ROLLING,
        is_recurrent=True,
        steps=(_day("lantern_oil"), _day("gold", 75), _day("ember_key"), _day("gold", 150), _day("storm_cloak")),
    )


def deep_water(now: float) -> NewChain:
    """The second project's one chain."""
    return NewChain(
        kind=ChainKind.OFFER,
        name={"en": "Deep Water"},
        date_start=_date(now, -_ALREADY_RUNNING),
        steps=(_free("gold", 10), _free("spyglass")),
    )


def _free(sku: str, quantity: int = 1) -> NewStep:
    return NewStep(rewards=(NewReward(sku, quantity),), is_free=True)


def _paid(sku: str) -> NewStep:
    return NewStep(rewards=(NewReward(sku),))


def _reached(name: Texts, points: int, *rewards: tuple[str, int]) -> NewStep:
    return NewStep(
        rewards=tuple(NewReward(sku, quantity) for sku, quantity in rewards),
        points_needed=points,
        name=name,
        image_url=image_path(rewards[0][0]),
    )


def _day(sku: str, quantity: int = 1) -> NewStep:
    return NewStep(rewards=(NewReward(sku, quantity),))


def _midnight(now: float, distance: timedelta) -> str:
    day = datetime.fromtimestamp(int(now), tz=UTC).replace(hour=0, minute=0, second=0)
    return (day + distance).isoformat()


def _date(now: float, distance: timedelta) -> str:
    return (datetime.fromtimestamp(int(now), tz=UTC) + distance).isoformat()
