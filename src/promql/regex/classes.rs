//! Classes of characters, and escapes.

use super::Reader;

/// The general categories of Unicode, as `\p` names them.
const CATEGORIES: &str = "Any C Cc Cf Co Cs L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp Zs";

/// The scripts of Unicode 13, which every Go knows that Prometheus is built with.
const SCRIPTS: &str = "Adlam Ahom Anatolian_Hieroglyphs Arabic Armenian Avestan Balinese Bamum Bassa_Vah Batak Bengali \
    Bhaiksuki Bopomofo Brahmi Braille Buginese Buhid Canadian_Aboriginal Carian Caucasian_Albanian Chakma Cham Cherokee \
    Chorasmian Common Coptic Cuneiform Cypriot Cyrillic Deseret Devanagari Dives_Akuru Dogra Duployan Egyptian_Hieroglyphs \
    Elbasan Elymaic Ethiopic Georgian Glagolitic Gothic Grantha Greek Gujarati Gunjala_Gondi Gurmukhi Han Hangul \
    Hanifi_Rohingya Hanunoo Hatran Hebrew Hiragana Imperial_Aramaic Inherited Inscriptional_Pahlavi Inscriptional_Parthian \
    Javanese Kaithi Kannada Katakana Kayah_Li Kharoshthi Khitan_Small_Script Khmer Khojki Khudawadi Lao Latin Lepcha Limbu \
    Linear_A Linear_B Lisu Lycian Lydian Mahajani Makasar Malayalam Mandaic Manichaean Marchen Masaram_Gondi Medefaidrin \
    Meetei_Mayek Mende_Kikakui Meroitic_Cursive Meroitic_Hieroglyphs Miao Modi Mongolian Mro Multani Myanmar Nabataean \
    Nandinagari New_Tai_Lue Newa Nko Nushu Nyiakeng_Puachue_Hmong Ogham Ol_Chiki Old_Hungarian Old_Italic Old_North_Arabian \
    Old_Permic Old_Persian Old_Sogdian Old_South_Arabian Old_Turkic Oriya Osage Osmanya Pahawh_Hmong Palmyrene Pau_Cin_Hau \
    Phags_Pa Phoenician Psalter_Pahlavi Rejang Runic Samaritan Saurashtra Sharada Shavian Siddham SignWriting Sinhala Sogdian \
    Sora_Sompeng Soyombo Sundanese Syloti_Nagri Syriac Tagalog Tagbanwa Tai_Le Tai_Tham Tai_Viet Takri Tamil Tangut Telugu \
    Thaana Thai Tibetan Tifinagh Tirhuta Ugaritic Vai Wancho Warang_Citi Yezidi Yi Zanabazar_Square";

/// What stands between `[:` and `:]` in a class, `^` apart.
const NAMED_CLASSES: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
    "space", "upper", "word", "xdigit",
];

impl Reader<'_> {
    /// `\d`, `\pL`, `\p{Greek}` and their like, in a class or outside; false where none starts.
    pub(super) fn known_class(&mut self) -> Result<bool, String> {
        if [r"\d", r"\D", r"\s", r"\S", r"\w", r"\W"]
            .iter()
            .any(|it| self.accept(it))
        {
            return Ok(true);
        }
        if !self.accept(r"\p") && !self.accept(r"\P") {
            return Ok(false);
        }
        let name = if self.accept("{") {
            let (name, rest) = self.rest.split_once('}').ok_or(r"`\p{` is never closed")?;
            self.rest = rest;
            name.strip_prefix('^').unwrap_or(name).to_owned()
        } else {
            self.next().map(String::from).unwrap_or_default()
        };
        let known = [CATEGORIES, SCRIPTS]
            .iter()
            .any(|names| names.split_ascii_whitespace().any(|it| it == name));
        if known {
            Ok(true)
        } else {
            Err(format!(
                r"`\p{{{name}}}`: Unicode has no such category or script"
            ))
        }
    }

    /// A class in brackets.
    pub(super) fn class(&mut self) -> Result<(), String> {
        const OPEN: &str = "`[` is never closed";
        self.next();
        self.accept("^");
        let mut first = true;
        while first || self.peek() != Some(']') {
            first = false;
            if self.rest.is_empty() {
                return Err(OPEN.to_owned());
            }
            if let Some((name, rest)) = self
                .rest
                .strip_prefix("[:")
                .and_then(|rest| rest.split_once(":]"))
            {
                if !NAMED_CLASSES.contains(&name.strip_prefix('^').unwrap_or(name)) {
                    return Err(format!("`[:{name}:]` is not a class"));
                }
                self.rest = rest;
                continue;
            }
            if self.known_class()? {
                continue;
            }
            let start = self.rest;
            let low = self.class_character()?;
            if self.rest.starts_with('-') && !self.rest.starts_with("-]") {
                self.next();
                let high = self.class_character()?;
                if high < low {
                    let written = &start[..start.len() - self.rest.len()];
                    return Err(format!("`{written}` is the wrong way round"));
                }
            }
        }
        self.next();
        Ok(())
    }

    fn class_character(&mut self) -> Result<u32, String> {
        match self.peek() {
            None => Err("`[` is never closed".to_owned()),
            Some('\\') => self.escape(),
            Some(c) => {
                self.next();
                Ok(u32::from(c))
            }
        }
    }

    /// A backslash and what it escapes: the code of one character.
    pub(super) fn escape(&mut self) -> Result<u32, String> {
        let start = self.rest;
        self.next();
        let Some(c) = self.next() else {
            return Err(r"a backslash at the end escapes nothing".to_owned());
        };
        let octal = |c: Option<char>| c.and_then(|c| c.to_digit(8));
        let code = match c {
            '0'..='7' if c == '0' || octal(self.peek()).is_some() => {
                let mut code = c.to_digit(8).unwrap_or_default();
                for _ in 0..2 {
                    let Some(digit) = octal(self.peek()) else {
                        break;
                    };
                    self.next();
                    code = code * 8 + digit;
                }
                Some(code)
            }
            'x' => self.hexadecimal(),
            'a' => Some(7),
            'f' => Some(12),
            'n' => Some(10),
            'r' => Some(13),
            't' => Some(9),
            'v' => Some(11),
            c if c.is_ascii() && !c.is_ascii_alphanumeric() => Some(u32::from(c)),
            _ => None,
        };
        code.ok_or_else(|| {
            let written = &start[..start.len() - self.rest.len()];
            match c {
                '1'..='9' => format!("`{written}`: RE2 has no references to groups"),
                _ => format!("`{written}` is not an escape of RE2"),
            }
        })
    }

    /// `41` or `{1F600}`, behind `\x`.
    fn hexadecimal(&mut self) -> Option<u32> {
        if !self.accept("{") {
            let high = self.next()?.to_digit(16)?;
            return Some(high * 16 + self.next()?.to_digit(16)?);
        }
        let (digits, rest) = self.rest.split_once('}')?;
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        self.rest = rest;
        let digits = digits.trim_start_matches('0');
        let code = if digits.is_empty() {
            0
        } else {
            u32::from_str_radix(digits, 16).ok()?
        };
        (code <= u32::from(char::MAX)).then_some(code)
    }
}
