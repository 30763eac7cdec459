//! The shapes of drawn values that are neither addresses nor measures: ids, MACs, UUIDs.

pub(super) fn is_lower_hex(b: &u8) -> bool {
    matches!(b, b'0'..=b'9' | b'a'..=b'f')
}

/// Swarm ids are 25 digits of base 36; one without a digit is a word of a language.
pub(super) fn is_swarm_id(word: &[u8]) -> bool {
    word.iter()
        .all(|b| b.is_ascii_digit() || b.is_ascii_lowercase())
        && word.iter().any(u8::is_ascii_digit)
        && word.iter().any(u8::is_ascii_lowercase)
}

/// A MAC address of six pairs at the start: whether it is one that is drawn. Broadcast, multicast and none are not.
pub(super) fn mac(text: &[u8]) -> Option<bool> {
    let run = text.get(..17)?;
    let well_formed = run.iter().enumerate().all(|(at, b)| {
        if at % 3 == 2 {
            *b == b':'
        } else {
            b.is_ascii_hexdigit()
        }
    });
    let goes_on = text
        .get(17)
        .is_some_and(|b| b.is_ascii_alphanumeric() || *b == b':');
    if !well_formed || goes_on {
        return None;
    }
    let group = matches!(
        run[1],
        b'1' | b'3' | b'5' | b'7' | b'9' | b'b' | b'd' | b'f' | b'B' | b'D' | b'F'
    );
    let none = run.iter().all(|b| matches!(b, b'0' | b':'));
    Some(!group && !none)
}

pub(super) fn uuid_len(text: &[u8]) -> Option<usize> {
    let run = text.get(..36)?;
    let well_formed = run.iter().enumerate().all(|(at, b)| match at {
        8 | 13 | 18 | 23 => *b == b'-',
        _ => b.is_ascii_hexdigit(),
    });
    (well_formed && !text.get(36).is_some_and(u8::is_ascii_alphanumeric)).then_some(36)
}

/// `7TRN:IPZB:…`, twelve groups of four letters or digits of base 32, as `docker info` prints.
pub(super) fn engine_id_len(text: &[u8]) -> Option<usize> {
    let run = text.get(..59)?;
    let well_formed = run.iter().enumerate().all(|(at, b)| match at % 5 {
        4 => *b == b':',
        _ => matches!(b, b'A'..=b'Z' | b'2'..=b'7'),
    });
    well_formed.then_some(59)
}

/// The adjectives with which Docker's made-up names begin, and have begun since 1.0, in order
/// (`internal/namesgenerator` of its source).
const ADJECTIVES: [&str; 127] = [
    "admiring",
    "adoring",
    "affectionate",
    "agitated",
    "amazing",
    "angry",
    "awesome",
    "backstabbing",
    "beautiful",
    "berserk",
    "blissful",
    "bold",
    "boring",
    "brave",
    "busy",
    "charming",
    "clever",
    "compassionate",
    "competent",
    "condescending",
    "confident",
    "cool",
    "cranky",
    "crazy",
    "dazzling",
    "desperate",
    "determined",
    "distracted",
    "dreamy",
    "drunk",
    "eager",
    "ecstatic",
    "elastic",
    "elated",
    "elegant",
    "eloquent",
    "epic",
    "evil",
    "exciting",
    "fervent",
    "festive",
    "flamboyant",
    "focused",
    "friendly",
    "frosty",
    "funny",
    "furious",
    "gallant",
    "gifted",
    "gigantic",
    "gloomy",
    "goofy",
    "gracious",
    "grave",
    "great",
    "happy",
    "hardcore",
    "heuristic",
    "high",
    "hopeful",
    "hungry",
    "infallible",
    "insane",
    "inspiring",
    "intelligent",
    "interesting",
    "jolly",
    "jovial",
    "keen",
    "kickass",
    "kind",
    "laughing",
    "lonely",
    "loving",
    "lucid",
    "mad",
    "magical",
    "modest",
    "musing",
    "mystifying",
    "naughty",
    "nauseous",
    "nervous",
    "nice",
    "nifty",
    "nostalgic",
    "objective",
    "optimistic",
    "peaceful",
    "pedantic",
    "pensive",
    "practical",
    "priceless",
    "prickly",
    "quirky",
    "quizzical",
    "recursing",
    "relaxed",
    "reverent",
    "romantic",
    "sad",
    "serene",
    "sharp",
    "sick",
    "silly",
    "sleepy",
    "small",
    "stoic",
    "strange",
    "stupefied",
    "suspicious",
    "sweet",
    "tender",
    "thirsty",
    "tiny",
    "trusting",
    "unruffled",
    "upbeat",
    "vibrant",
    "vigilant",
    "vigorous",
    "wizardly",
    "wonderful",
    "xenodochial",
    "youthful",
    "zealous",
    "zen",
];

/// Docker makes names up as `adjective_surname`, with a digit if that is taken.
pub(super) fn is_made_up_name(word: &str) -> bool {
    let stem = word
        .strip_suffix(|c: char| c.is_ascii_digit())
        .unwrap_or(word);
    stem.split_once('_').is_some_and(|(adjective, surname)| {
        let lower = surname.len() >= 3 && surname.bytes().all(|b| b.is_ascii_lowercase());
        lower && ADJECTIVES.binary_search(&adjective).is_ok()
    })
}

/// Whether a word may be an abbreviated id: hexadecimal, and neither a number nor a word of a language.
pub(super) fn looks_like_id_prefix(word: &str) -> bool {
    (4..64).contains(&word.len())
        && word.bytes().all(|b| is_lower_hex(&b))
        && word.bytes().any(|b| b.is_ascii_digit())
        && word.bytes().any(|b| b.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_shapes() {
        assert_eq!(mac(b"02:42:ac:11:00:02 brd"), Some(true));
        for literal in [
            "ff:ff:ff:ff:ff:ff",
            "00:00:00:00:00:00",
            "33:33:00:00:00:01",
            "01:00:5e:00:00:01",
        ] {
            assert_eq!(mac(literal.as_bytes()), Some(false), "{literal}");
        }
        for not in [
            "02:42:ac:11:00",
            "02:42:ac:11:00:02:03",
            "02:42:ac:11:00:0g",
            "02-42-ac-11-00-02",
        ] {
            assert_eq!(mac(not.as_bytes()), None, "{not}");
        }
        assert!(is_made_up_name("silly_bohr") && is_made_up_name("happy_curie7"));
        for name in [
            "web",
            "web_1",
            "a_b",
            "Silly_bohr",
            "silly_bohr_x",
            "my-silly_bohr",
            "_bohr",
            "silly_",
            "front_tier",
            "order_items",
        ] {
            assert!(!is_made_up_name(name), "{name}");
        }
        assert!(looks_like_id_prefix("3f2a") && looks_like_id_prefix("0a1b2c3d4e5f"));
        for word in ["3f2", "1234", "cafe", "3F2A", "3f2g"] {
            assert!(!looks_like_id_prefix(word), "{word}");
        }
    }
}
