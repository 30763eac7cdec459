//! What settings mean, and what is said of those that mean nothing.

use super::*;

fn page(text: &str) -> Result<Settings, Vec<String>> {
    Settings::read(text, &Document::parse(text), &BookSettings::default())
        .map_err(|faults| faults.into_iter().map(|f| f.message).collect())
}

#[test]
fn of_a_page() {
    let settings = page("<!-- seaworthy timeout=2m images=\"a:1, b\" -->\n# T\n").unwrap();
    assert_eq!(settings.timeout, Duration::from_secs(120));
    assert_eq!(settings.images, ["a:1", "b"]);
    let settings =
        page("<!-- seaworthy machines=\"node-1, node-2\" copy=samples/app -->\n").unwrap();
    assert_eq!(settings.machines, ["node-1", "node-2"]);
    assert_eq!(settings.copy, ["samples/app"]);
    assert_eq!(settings.minutes, None);
    let settings = page("<!-- seaworthy minutes=25 -->\n").unwrap();
    assert_eq!(settings.minutes, Some(25));
    assert_eq!(page("<!-- seaworthyish -->\n").unwrap().images, [""; 0]);
    assert!(settings.limits.internet);
    let closed = page("<!-- seaworthy internet=\"false\" -->\n").unwrap();
    assert!(!closed.limits.internet);
    for (text, message) in [
        (
            "# T\n\n<!-- seaworthy timeout=2m -->\n",
            "settings stand at the top of the page",
        ),
        (
            "<!-- seaworthy -->\n\n<!-- seaworthy -->\n",
            "a page has one settings comment",
        ),
        (
            "<!-- seaworthy machines=\"a,B\" -->\n",
            "`B` can't be the name of a machine",
        ),
        (
            "<!-- seaworthy machines=\"a,b,a\" -->\n",
            "two machines are called `a`",
        ),
        (
            "<!-- seaworthy copy=\"../x\" -->\n",
            "`../x` is no folder inside the book",
        ),
        (
            "<!-- seaworthy docker=\"new\" -->\n",
            "`new` names no versions: unexpected character 'n' while parsing major version number",
        ),
        ("<!-- seaworthy tmieout=2m -->\n", "`tmieout` is unknown"),
        (
            "<!-- seaworthy images=\"a:1, no image\" -->\n",
            "`no image` can't name an image",
        ),
        (
            "<!-- seaworthy minutes=0 -->\n",
            "`minutes` needs a number of minutes",
        ),
        (
            "<!-- seaworthy timeout=soon -->\n",
            "`timeout` needs a duration",
        ),
        (
            "<!-- seaworthy internet=no -->\n",
            "`internet` can't be `no`",
        ),
        (
            "<!-- seaworthy memory=\"2GiB\" -->\n",
            "`memory` is unknown",
        ),
    ] {
        assert_eq!(page(text).unwrap_err(), [message], "{text}");
    }
}

#[test]
fn of_a_book() {
    let text = "[book]\ntitle = \"T\"\n[preprocessor.seaworthy]\nafter = [\"links\"]\ntimeout = \"5s\"\nimages = [\"x\"]\n";
    let settings = BookSettings::from_toml(text).unwrap();
    assert_eq!(settings.timeout, Duration::from_secs(5));
    assert_eq!(settings.images, ["x"]);
    assert_eq!(
        BookSettings::from_toml("").unwrap(),
        BookSettings::default()
    );

    let text = "[preprocessor.seaworthy]\nverification = false\n";
    assert!(!BookSettings::from_toml(text).unwrap().verification);
    let text = "[preprocessor.seaworthy]\nverification = 1\n";
    assert_eq!(BookSettings::from_toml(text).unwrap_err().len(), 1);

    let text = "[preprocessor.seaworthy]\nimages = [\"a:1\", \"no image\"]\n";
    assert_eq!(BookSettings::from_toml(text).unwrap_err().len(), 1);

    let text = "[preprocessor.seaworthy]\ntimout = \"5s\"\ntimeout = 5\nimages = \"x\"\n";
    let faults = BookSettings::from_toml(text).unwrap_err();
    let found: Vec<_> = faults
        .iter()
        .map(|f| (&text[f.span.clone()], f.message.as_str()))
        .collect();
    assert_eq!(faults.len(), 3, "{found:?}");
    assert!(
        found.contains(&("timout", "`timout` is unknown")),
        "{found:?}"
    );
    assert!(
        found.contains(&("5", "`timeout` needs a duration")),
        "{found:?}"
    );
}

#[test]
fn limits() {
    let read = |text: &str| {
        let text = format!("[preprocessor.seaworthy]\n{text}\n");
        BookSettings::from_toml(&text).map(|settings| settings.limits)
    };
    let said = "memory = \"4GiB\"\ndata-root = \"3 GiB\"\nprocesses = 64\noutput = \"1MB\"\ninternet = false";
    let expected = MachineLimits {
        memory: 4 << 30,
        data_root: 3 << 30,
        processes: 64,
        output: 1_000_000,
        internet: false,
    };
    assert_eq!(read(said).unwrap(), expected);
    assert_eq!(read("").unwrap(), MachineLimits::default());
    for (text, message) in [
        ("memory = 2", "`memory` needs a size"),
        ("data-root = \"2G\"", "`data-root` needs a size"),
        ("output = \"0B\"", "`output` needs a size"),
        (
            "processes = 0",
            "`processes` needs a whole number above zero",
        ),
        (
            "processes = \"9\"",
            "`processes` needs a whole number above zero",
        ),
        ("internet = \"no\"", "`internet` needs `true` or `false`"),
        ("data_root = \"1GiB\"", "`data_root` is unknown"),
        // Whose computer it is says by what a stranger's book is run.
        ("runtime = \"runc\"", "`runtime` is unknown"),
        (
            "memory = \"1GiB\"",
            "a `data-root` of 1 GiB doesn't fit into a `memory` of 1 GiB",
        ),
        (
            "data-root = \"3GiB\"",
            "a `data-root` of 3 GiB doesn't fit into a `memory` of 2 GiB",
        ),
    ] {
        let faults = read(text).unwrap_err();
        assert_eq!(faults.len(), 1, "{text}: {faults:?}");
        assert_eq!(faults[0].message, message, "{text}");
    }
}

/// Diagrams speak of 28 where the page may run on it, else of the version that comes next to it.
#[test]
fn of_which_engines_diagrams_speak() {
    for (docker, major) in [
        (">=20", 28),
        ("28.1", 28),
        ("<28", 27),
        ("26", 26),
        (">=29", 29),
    ] {
        let settings = page(&format!("<!-- seaworthy docker=\"{docker}\" -->\n")).unwrap();
        assert_eq!(settings.pictured().major, major, "{docker}");
    }
    assert_eq!(page("# T\n").unwrap().pictured(), EngineVersion::default());
    for docker in [">=20, <21", "=20.10.24", "<=20.10"] {
        let settings = page(&format!("<!-- seaworthy docker=\"{docker}\" -->\n")).unwrap();
        let spoken_of = settings.pictured();
        assert_eq!((spoken_of.major, spoken_of.minor), (20, 10), "{docker}");
    }
}
