"""Which words somebody says, which are prose, and which are written, which stay.

Quotation marks stand around both; an answer tells what is written where its question asks for it.
"""

from __future__ import annotations

import re

from syncaug.lazy import pattern

__all__ = ["asked_before", "asks_for_writing", "is_speech"]

_NEAR = 60
"""Characters around a quotation that tell who speaks."""
_SENTENCE = 200
"""Characters before a verb in which its subject is looked for."""
_ENDS = frozenset(".!?,…")
_CLOSING = frozenset('.!?:;)]"”…。！？：；）»')
_VERBS = (
    "asks?|asked|repl(?:y|ies|ied)|answers?|answered|said|shouts?|shouted|whispers?|whispered"
    "|explains?|explained|adds?|added|insists?|insisted|thinks?|thought|yells?|yelled|calls? out"
    "|called out|mutters?|muttered|mumbles?|mumbled|murmurs?|murmured|screams?|screamed"
    "|announces?|announced|remarks?|remarked"
    r"|(?:tells|told) (?:(?:the|a|an|his|her|my|our|their) )?(?!that)\w+"
    "|fragt|fragte|ruft|rief|antwortet|antwortete|flüstert|flüsterte|demande|répond|crie|murmure"
    "|pregunta|responde|contesta|grita|susurra"
)
_TELLING = "says?|sagt|sagte|meint|dit|dice|dijo"
"""Verbs of people and of signs alike."""
_PERSON = (
    r"(?:he|she|they|i|you|we|who|man|men|woman|women|boys?|girls?|person|people|child|children|kids?|guys?"
    r"|lady|ladies|mother|father|mom|mum|dad|teacher|coach|player|referee|doctor|driver|speaker"
    r"|narrator|reporter|commentator|guide|waiter|waitress|officer|nurse|voice|user|assistant|robot"
    r"|friend|customer|passenger|pilot|instructor|captain|chef|worker|tourist|cyclist|student"
    r"|soldier|someone"
    r"|cat|dog|bear|parrot|bird|gps|navigator|er|sie|mann|frau|junge|mädchen|kind|lehrer|lehrerin"
    r"|il|elle|homme|femme|garçon|fille|enfant|él|ella|hombre|mujer|niño|niña|chico|chica)"
)
_PEOPLE = pattern(rf"\b{_PERSON} (?:then |also |just )?$", re.IGNORECASE)
"""Who says what stands in quotation marks, right before the verb."""
_SUBJECT = pattern(
    r"(?:^|[.!?;,:\"”]\s|\b(?:and|as|while|when|but|und|et|y) )"
    r"(?:(?:a|an|the|one|another|this|that|his|her|my|our|their|ein|eine|der|die|das|un|une|le|la"
    r"|el|una) )?"
    rf"(?:\w+ ){{0,2}}?{_PERSON} "
    r"(?:in|with|on|at|of|from|by|near|behind|beside|under|next to|wearing|holding|riding|driving"
    r"|sitting|standing|mit|im|am|auf|neben|avec|en|au|à|dans|sur|con|de|del)\b"
    r"[^.!?;:\"“”]* (?:(?:then|also|just) )?$",
    re.IGNORECASE,
)
"""A person and where or how that is, as the subject of the verb: "A girl in a hat says"."""
_NO_SUBJECT = pattern(
    r"\b(?:that|which|who|but|while|as|when|where|qui|que)\b|, (?:die|der|das)\b", re.IGNORECASE
)
"""What stands before a verb that may not be the person's: "in a hat that says"."""
_BESIDE = pattern(
    r"\b(?:on|in|beside|near|by|behind|of|above|below|under|over|for|from|with|to|auf|neben|über"
    r"|bei|sur|sous|sobre|con|de) "
    r"(?:(?:the|a|an|his|her|my|our|their|this|that|dem|der|einem|einer|le|la|un|una|el) )?"
    rf"(?:\w+ )?{_PERSON} $",
    re.IGNORECASE,
)
"""A person who tells where the subject is: "the sign beside the man says"."""
_BEFORE = pattern(rf"(?P<who>(?:\w+ ){{0,3}})\b(?:{_VERBS})(?: \w+)?[,:]?\s*$")
_SAYS = pattern(
    rf"(?P<who>(?:\w+ ){{1,3}})(?:{_VERBS}|{_TELLING})"
    r"(?P<whom>(?: to)?(?: \w+)?\s?[,:]?|(?: \w+){0,5}\s?[,:])\s*$"
)
_THINGS = (
    "Cup|Mug|Wall|Door|Bus|Truck|Van|Car|Box|Bag|Bottle|Can|Jersey|Sweater|Hoodie|Hat|Cap|Tee|Jacket"
    "|Book|Page|Cover|Menu|Map|Clock|Watch|Phone|Monitor|Tv|Window|Flag|Marquee|Chalkboard|Blackboard"
    "|Whiteboard|Paper|Letter|Envelope|Ticket|Receipt|Package|Cake|Street|Road|Building|Store|Shop"
    "|Cart|Kite|Balloon|Umbrella|Pillow|Towel|Button|Key|Arrow|Display|Scoreboard|Keyboard|Magnet"
    "|Tattoo|It|This|That|One|Writing|Print|Banner|Placard|Notice|Post|Meme|Comic|Bubble"
)
_NAMED = pattern(rf"(?:^|[.!?\"”]\s|\b(?:and|as|while|when|but) )(?!(?:{_THINGS})s? )[A-Z][a-z]+ $")
"""A name alone before the verb: "Ann says"."""
_LABEL = pattern(r"(?:^|[\n.!?\"”])\s*(?P<who>[A-Z]\w*(?: [A-Z0-9]\w*)?)\s*:\s*$")
_AFTER = pattern(
    rf"\s*,?\s*(?:(?:{_VERBS}|{_TELLING}) \w+|(?P<who>(?:\w+ ){{1,3}})(?:{_VERBS}|says?)\b)"
)
_TOLD = pattern(rf"\s*,?\s*(?:{_VERBS}|{_TELLING}) (?P<who>\w+(?: \w+)?)")
_ZH_SAYS = pattern(r"[他她人孩生师们我你妈爸]\w{0,3}?(?:说|说道|问|问道|喊|喊道|回答)[：:，,]?\s*$")
_WRITTEN = pattern(
    r"\b(?:sign|signs|text|caption|label|title|poster|banner|note|board|billboard|headline|message"
    r"|slogan|screen|shirt|sticker|card|plate|tag|words?|letters|logo|graffiti|inscription|schild"
    r"|plakat|aufschrift|panneau|affiche|cartel|letrero|rótulo)\b",
    re.IGNORECASE,
)
_ALL_QUOTES = pattern(r"\s*(?:[\"“‘']([^\"“”‘\n]+)[\"”’']\s*){2,}")
_ASKS = pattern(
    r"\bwhat(?:'s| is| are| was| were)\b[^.?!]{0,120}\b(?:written|spelled|spelt|inscribed)\b"
    r"|\bwhat (?:do|does|did)\b(?P<who>[^.?!]{0,120})\b(?:say|read|spell)\b"
    r"|\bwhat (?:words?|text|letters|message|slogan) (?:is|are|was|were|does|do|can)\b"
    r"|\bwhat(?:'s| is| are) the (?:words?|text|writing|letters|message|slogan|title|inscription)"
    r"(?=\s*[?.]|\s*$|\s(?:on|in|of|at|that|written)\b)"
    r"|\b(?:read|transcribe) (?:out )?(?:the|all|any) (?:text|words?|sign|writing|label|title)\b",
    re.IGNORECASE,
)
_ANYBODY = pattern(
    r"\b(?:he|she|they|i|you|we|man|men|woman|women|boy|girl|person|people|child|user|speaker)\b",
    re.IGNORECASE,
)
_FORM = pattern(
    r"\?\s+(?:please )?(?:answer|respond|reply|give|provide|return|output|format|use|write|keep)\b"
    r"[^?\n]*$",
    re.IGNORECASE,
)
"""Behind a question, how the answer is to be given."""
_TELLS = pattern(
    r"\b(?:signs?|says?|reads?|written|printed|words?|texts?|labels?|title|it|is|are|there)\b",
    re.IGNORECASE,
)


def is_speech(text: str, start: int, end: int) -> bool:
    """Whether the quotation `text[start:end]`, marks included, is what somebody says.

    It is a sentence that a speaker's name or a verb of speaking stands beside, or one of several
    quotations that make up the whole text.
    """
    said = text[start + 1 : end - 1].strip()
    if said.isupper():
        return False
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    plain = " " not in said or not said.istitle()
    speaker, teller = _SAYS.search(before), _AFTER.match(after)
    if speaker is not None and plain:
        named = speaker["who"] + (speaker["whom"] or "")
        if _WRITTEN.search(named):
            return False
        if (
            (_PEOPLE.search(speaker["who"]) and not _BESIDE.search(speaker["who"]))
            or _NAMED.search(before[: speaker.end("who")])
            or _is_subject(text[: start - len(before) + speaker.end("who")])
        ):
            return " " in said or not said.istitle()
    behind = _TOLD.match(after)
    who = [match["who"] for match in (teller, behind) if match is not None and match["who"]]
    if plain and any(_PEOPLE.search(f"{name.strip()} ") for name in who):
        return True
    if _ZH_SAYS.search(before):
        return True
    if said[-1:] not in _ENDS:
        return False
    if _ALL_QUOTES.fullmatch(text):
        return True
    for found in (_LABEL.search(before), _BEFORE.search(before), _AFTER.match(after)):
        if found is not None and not _WRITTEN.search(found["who"] or ""):
            return True
    return False


def _is_subject(before: str) -> bool:
    """Whether what stands before a verb ends in a person, who does what it says."""
    sentence = re.split(r"(?<=[.!?\n])\s", before[-_SENTENCE:])[-1]
    found = _SUBJECT.search(sentence)
    return found is not None and not (_WRITTEN.search(found[0]) or _NO_SUBJECT.search(found[0]))


def asks_for_writing(question: str, answer: str) -> bool:
    """Whether an answer is nothing but what is written in the picture, as its question asks.

    >>> asks_for_writing("What does the sign say?", "left turn only")
    True
    >>> asks_for_writing("What does the sign say?", "The left sign says stop.")
    False
    """
    asked = _ASKS.search(question)
    if asked is None:
        return False
    who = asked["who"] or ""
    if _ANYBODY.search(who) and not _WRITTEN.search(who):
        return False
    return _TELLS.search(answer) is None


def asked_before(question: str) -> str:
    """What stands before an answer when it is read with its question.

    What it says of the form of the answer is left out.

    >>> asked_before("Which side")
    'Which side? '
    >>> asked_before("Is it left or right? Answer in one word.")
    'Is it left or right? '
    """
    question = _FORM.sub("?", question.rstrip())
    if not question:
        return ""
    return f"{question} " if question[-1] in _CLOSING else f"{question}? "
