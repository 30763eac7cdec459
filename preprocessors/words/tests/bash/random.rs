//! Numbers drawn by a seed, and texts that are spoilt by them.

/// `splitmix64`.
pub(crate) struct Random(u64);

/// What is put into texts to spoil them.
const TOKENS: [&str; 41] = [
    ";", ";;", "&", "&&", "|", "||", "|&", "(", ")", "{ ", " }", "<", ">", ">>", "<<E", "<<<",
    "<(", "&>", "2>&1", "'", "\"", "`", "$(", "${", "\\", "\n", "#", " # ", " if ", " then ",
    " fi ", " do ", " done ", " case ", " in ", " esac ", "[[ ", " ]]", " ! ", "=(", " ",
];

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    pub(crate) fn one_of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }

    /// Where a character of the text begins, or where the text ends.
    fn place(&mut self, text: &str) -> usize {
        let places: Vec<usize> = text
            .char_indices()
            .map(|(at, _)| at)
            .chain([text.len()])
            .collect();
        places[self.below(places.len())]
    }

    /// The beginning of the text.
    pub(crate) fn broken_off(&mut self, text: &str) -> String {
        text[..self.place(text)].to_owned()
    }

    /// The text with something put in, taken out or moved.
    pub(crate) fn spoilt(&mut self, text: &str) -> String {
        let (a, b) = (self.place(text), self.place(text));
        let (from, to) = (a.min(b), a.max(b));
        match self.below(4) {
            0 => format!("{}{}{}", &text[..a], self.one_of(&TOKENS), &text[a..]),
            1 => {
                let end = text[from..].char_indices().nth(1 + self.below(4));
                let end = end.map_or(text.len(), |(at, _)| from + at);
                format!("{}{}", &text[..from], &text[end..])
            }
            2 => format!("{}{}{}", &text[..from], self.one_of(&TOKENS), &text[to..]),
            _ => format!("{}{}{}", &text[..to], &text[from..to], &text[to..]),
        }
    }
}
