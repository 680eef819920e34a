"""Words, names and dates that questions and system messages are filled with."""

WORDS = tuple(
    """
    apple banana bread butter cake cheese coffee dinner egg fish garlic honey lemon milk onion
    pasta pizza potato rice salad salt soup sugar tea tomato water wine animal bear bird cat cow
    dog duck elephant frog horse lion monkey mouse pig rabbit shark sheep snake tiger whale wolf
    body eye face foot hair hand head leg mouth nose tooth baby brother child daughter family
    father friend girl boy king man mother neighbour queen sister son teacher woman doctor artist
    farmer lawyer police soldier bank bridge castle church city corner country factory farm garden
    hospital hotel house island kitchen library market museum office park prison restaurant river
    road school shop station street theatre tower town village airport beach desert forest hill
    lake mountain ocean planet sea sky earth world fire ice rain snow storm wind summer winter
    autumn spring morning night week month year history music song film book letter newspaper
    story game football tennis chess computer phone internet software engine machine battery
    camera clock radio television car bus train plane ship boat bicycle rocket chair table bed
    door window wall floor roof lamp mirror key knife bottle cup plate box bag coat dress hat
    shirt shoe ring gold silver iron glass paper plastic stone wood cotton money price tax law war
    peace freedom science physics chemistry biology mathematics philosophy religion politics
    economy energy gravity quantum atom virus vaccine medicine health sleep dream fear hope joy
    anger luck truth big small old new fast slow happy angry cold warm dark bright heavy strange
    quiet loud expensive Germany France Italy Spain Poland Japan China India Brazil Egypt Kenya
    Canada Mexico Peru Russia Berlin Paris London Rome Madrid Tokyo Einstein Newton Mozart Goethe
    Shakespeare Picasso Napoleon Haus Hund Katze Wetter Auto Schule Kuchen Zug Liebe Fahrrad Musik
    Geld Arbeit Bahnhof Apfel Brot walk run eat drink read write speak listen think learn work
    play sing dance swim fly drive build break open close start stop win lose find buy sell send
    call help wait love hate remember forget
    """.split()  # noqa: SIM905 - words read better as prose
)

NAMES = tuple(
    """
    Whimbrel Anna Ben Clara David Emma Felix Greta Hugo Ida Jonas Karla Leo Mia Nora Otto Paul
    Quinn Rosa Sam Tina Uwe Vera Will Xaver Yara Zoe Alfred Robin Curlew Plover Heron Raven
    Sparrow Finch Wren Swift Kestrel Falcon Osprey Jarvis Botty Helper Buddy Max Luna Nova Echo
    Pixel Sage Iris Ada Alan Grace Turing Kai Milo Olive Ruby Jasper Hazel Basil Juno Atlas Orion
    Vega Lyra Sirius Polaris
    """.split()  # noqa: SIM905 - words read better as prose
)

EXTRA_RULES = (
    "Be brief.", "Answer politely.", "You are friendly.", "Answer in one sentence.",
    "Help people.", "Keep your answers short.", "Do not talk about politics.",
    "You work for a small shop.", "You help the children of a school.", "Never be rude.",
    "Be helpful and honest.", "Use simple words.", "You are talking to {p}.",
    "If you do not know something, say so.", "Your owner likes {w}.",
)  # fmt: skip

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip

SYLLABLES = (
    "ba", "be", "bo", "da", "do", "fa", "ga", "ka", "ki", "la", "le", "lo", "ma", "mi", "mo", "na",
    "no", "pa", "ra", "ri", "ro", "sa", "so", "ta", "ti", "to", "va", "vi", "zu",
)  # fmt: skip
