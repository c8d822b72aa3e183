"""Character classes of twitter-text, as bodies of regular expression sets.

Source: twitter-text 3.1, `js/src/regexp/`. Letters are spelled out in both cases: Python's
IGNORECASE lets "ſ" pass as "s", which X does not.
"""

#: spacesGroup
SPACES = r"\t-\r \x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
#: invalidCharsGroup: a post with one of these is refused.
INVALID = r"\ufffe\ufeff\uffff"
#: directionalMarkersGroup
DIRECTIONAL = r"\u202a-\u202e\u061c\u200e\u200f\u2066-\u2069"
#: punct, without the three signs that may stand inside a domain: - . _
PUNCTUATION = r"!'#%&()*+,\\/:;<=>?@\[\]^{|}~$"
#: latinAccentChars
LATIN = (
    r"\xc0-\xd6\xd8-\xf6\xf8-\xff\u0100-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263"
    r"\u0268\u026f\u0272\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"
)
#: cyrillicLettersAndMarks
CYRILLIC = r"\u0400-\u04ff"
