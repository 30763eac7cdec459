//! Which options of Docker's commands take a value, compared with what the CLI's help says (20.10.24 and 28.2.2):
//! `options.txt` has a line for each command, its options with their letters, and `=` behind those that take one.
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use seaworthy_words::option_takes_value;

/// What is one thing in one version and another in the next, or of no use to a reader of sessions.
const SET_ASIDE: [&str; 2] = ["kubeconfig", "replicas"];

#[test]
fn options_take_values_as_the_help_says() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in include_str!("options.txt").lines() {
        let (path, options) = line.split_once(':').unwrap();
        let words: Vec<&str> = path.split(' ').collect();
        let (verb, groups) = words.split_last().unwrap();
        let group = groups.last().copied().unwrap_or_default();
        for option in options.split_whitespace() {
            let takes = option.ends_with('=');
            let names = option.trim_end_matches('=').split('/');
            for name in names.filter(|name| !SET_ASIDE.contains(name)) {
                count += 1;
                if option_takes_value(group, verb, name) != takes {
                    wrong.push(format!("{path} {name}: takes a value: {takes}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 1500, "{count}");
}
