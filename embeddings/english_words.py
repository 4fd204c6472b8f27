"""English words: a question → those of its words that name something, as glosses have them.

Knows one text and no dictionary.
"""

import re
from typing import NamedTuple

from embeddings.tokens import STOP_WORDS, normalised, tokens

# Words that a question is framed in and that name nothing; measured as a gain of half a point.
_ASKING = "many much name call kind type sort term happen long often give tell list"
_FRAME = frozenset(_ASKING.split())
# Stop words that make another word of the verb before them (take over, preside over).
_PARTICLES = frozenset(["over", "off", "down", "through", "about", "after"])
# Forms that no stemmer leads back to the word that glosses are written in.
_FORMS = (
    "was:be were:be been:be had:have did:do done:do went:go gone:go said:say made:make took:take "
    "taken:take came:come saw:see seen:see knew:know known:know got:get gave:give given:give "
    "found:find thought:think told:tell became:become left:leave felt:feel brought:bring "
    "began:begin begun:begin kept:keep held:hold wrote:write written:write stood:stand heard:hear "
    "meant:mean met:meet ran:run paid:pay sat:sit spoke:speak spoken:speak led:lead grew:grow "
    "grown:grow lost:lose fell:fall fallen:fall sent:send built:build understood:understand "
    "drew:draw drawn:draw broke:break broken:break spent:spend rose:rise risen:rise drove:drive "
    "driven:drive bought:buy wore:wear worn:wear chose:choose chosen:choose ate:eat eaten:eat "
    "won:win fought:fight caught:catch taught:teach sold:sell flew:fly flown:fly forgot:forget "
    "hid:hide hidden:hide shook:shake shot:shoot shown:show sang:sing sung:sing sank:sink "
    "slept:sleep stole:steal stolen:steal struck:strike swam:swim swore:swear sworn:swear "
    "threw:throw thrown:throw woke:wake fled:flee bore:bear born:bear laid:lay sought:seek "
    "dealt:deal bred:breed fed:feed bound:bind dug:dig forbade:forbid forbidden:forbid "
    "froze:freeze frozen:freeze shrank:shrink swept:sweep swung:swing tore:tear torn:tear "
    "withdrew:withdraw withdrawn:withdraw men:man women:woman children:child people:people "
    "feet:foot teeth:tooth mice:mouse wives:wife wolves:wolf halves:half better:good best:good "
    "worse:bad worst:bad alumni:alumnus bacteria:bacterium criteria:criterion "
    "phenomena:phenomenon crises:crisis theses:thesis larger:large largest:large biggest:big "
    "bigger:big oldest:old older:old highest:high higher:high"
)
IRREGULAR = dict(form.split(":") for form in _FORMS.split())
_ENGLISH_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*")
_POSSESSIVE = re.compile(r"['’]s\b")


class EnglishWord(NamedTuple):
    """A word of a question; `capital` inside it, `alone` where it names something by itself."""

    text: str
    stem: str
    capital: bool
    alone: bool


def content_words(question: str) -> list[EnglishWord]:
    """Return the words that name something, alone or beside another (preside over, Ren Can)."""
    found = []
    for place, word in enumerate(_ENGLISH_WORD.findall(_POSSESSIVE.sub("", question))):
        low = normalised(word)
        capital = word[0].isupper() and place > 0
        low = low if capital else IRREGULAR.get(low, low)
        stem, names_nothing = tokens(low), low in STOP_WORDS or low in _FRAME
        if names_nothing and (capital or low in _PARTICLES):
            found.append(EnglishWord(low, low, capital, alone=False))
        elif len(stem) == 1 and not names_nothing:
            found.append(EnglishWord(low, stem[0], capital and low.isalpha(), alone=True))
    return found


def stems(text: str) -> list[str]:
    """Return the words of English `text` that name something, as the dictionary lists them."""
    return [word.stem for word in content_words(text) if word.alone]
