//! Every literal word of a real page is changed, one at a time: the page must not hold any more.

use crate::corpus::transcript;
use crate::support::Page;

#[test]
fn look_mutants() {
    let real = transcript("real/28.txt");
    let mut page = Page::default();
    let (mut all, mut alive) = (0, 0);
    for (command, output) in &real {
        let before = page.bindings.clone();
        let mut at = 0;
        while at < output.len() {
            let rest = &output[at..];
            let len = rest
                .find(|c: char| !c.is_ascii_alphanumeric())
                .unwrap_or(rest.len());
            if len == 0 {
                at += rest.chars().next().map_or(1, char::len_utf8);
                continue;
            }
            let word = &rest[..len];
            let last = word.as_bytes()[len - 1];
            let other = match last {
                b'9' => 'x'.to_string().replace('x', "8"),
                b'0'..=b'8' => ((last + 1) as char).to_string(),
                b'z' => "y".into(),
                b'Z' => "Y".into(),
                _ => ((last + 1) as char).to_string(),
            };
            let mutant = format!(
                "{}{}{}{}",
                &output[..at],
                &word[..len - 1],
                other,
                &rest[len..]
            );
            let mut trial = Page::default();
            trial.bindings = before.clone();
            all += 1;
            if trial.holds(command, &mutant, output) {
                alive += 1;
                let line_start = output[..at].rfind('\n').map_or(0, |n| n + 1);
                let line = &output[line_start..];
                let line = &line[..line.find('\n').unwrap_or(line.len())];
                println!(
                    "{word}\t{}\t{}",
                    command.chars().take(40).collect::<String>(),
                    line.chars().take(120).collect::<String>()
                );
            }
            at += len;
        }
        page.holds(command, output, output);
    }
    println!("ALIVE {alive} of {all}");
}
