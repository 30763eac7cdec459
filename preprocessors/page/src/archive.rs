//! Folders as archives, whose bytes depend on nothing but the files.

use std::io::{self, Write};

use flate2::{Compression, GzBuilder};

use crate::{ArchiveStep, CopiedFolder};

impl CopiedFolder {
    /// The folder as a tar archive, under its own name. Owners and dates are left out, so that it, and images that are
    /// built from it, are the same again.
    ///
    /// # Errors
    /// If a path is too long for the format.
    pub fn tar(&self) -> io::Result<Vec<u8>> {
        let mut archive = tar::Builder::new(Vec::new());
        for file in &self.files {
            let mut header = tar::Header::new_gnu();
            header.set_size(file.content.len() as u64);
            header.set_mode(if file.executable { 0o755 } else { 0o644 });
            let path = format!("{}/{}", self.name, file.path);
            archive.append_data(&mut header, path, file.content.as_slice())?;
        }
        archive.into_inner()
    }
}

impl ArchiveStep {
    /// The name of its file.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}.tar.gz", self.content.name)
    }

    /// The archive: what is published, and what a machine unpacks.
    ///
    /// # Errors
    /// If a path is too long for the format.
    pub fn bytes(&self) -> io::Result<Vec<u8>> {
        let mut packed = GzBuilder::new().write(Vec::new(), Compression::best());
        packed.write_all(&self.content.tar()?)?;
        packed.finish()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::source::tests::Files;
    use crate::{ArchiveStep, BookSettings, Page, Step};

    fn load(text: &'static str, content: &'static str) -> Result<Page, Vec<(usize, String)>> {
        let files = [
            ("src/a.md", text),
            ("samples/app/Dockerfile", "FROM nginx:1.30\n"),
            ("samples/app/web/page", content),
        ];
        Page::load(
            Path::new("src/a.md"),
            &Files(files.into()),
            &BookSettings::default(),
        )
        .map_err(|faults| {
            faults
                .iter()
                .map(|d| (d.line(), d.fault.message.clone()))
                .collect()
        })
    }

    fn archive(page: &Page) -> &ArchiveStep {
        match &page.steps[0] {
            Step::Archive(step) => step,
            other => panic!("{other:?}"),
        }
    }

    const TEXT: &str = "```archive\nsamples/app/\n```\n\n```console\n$ ls app\n```\n";

    #[test]
    fn the_same_files_are_the_same_bytes_and_others_are_noticed() {
        let (page, again, edited) = (load(TEXT, "x"), load(TEXT, "x"), load(TEXT, "y"));
        let (page, again, edited) = (page.unwrap(), again.unwrap(), edited.unwrap());
        let bytes = |page: &Page| archive(page).bytes().unwrap();
        assert_eq!(archive(&page).name(), "app.tar.gz");
        assert_eq!(bytes(&page), bytes(&again));
        assert_ne!(bytes(&page), bytes(&edited));
        let fingerprint = |page: &Page| page.sessions().next().unwrap().fingerprint.clone();
        assert_eq!(fingerprint(&page), fingerprint(&again));
        assert_ne!(fingerprint(&page), fingerprint(&edited));
        assert_eq!(page.images[0].reference, "nginx:1.30");
    }

    #[test]
    fn it_unpacks_to_its_files() {
        let page = load(TEXT, "x").unwrap();
        let packed = archive(&page).bytes().unwrap();
        let mut unpacked = tar::Archive::new(flate2::read::GzDecoder::new(packed.as_slice()));
        let files = unpacked.entries().unwrap().map(|entry| {
            let mut entry = entry.unwrap();
            let path = entry.path().unwrap().display().to_string();
            let content = std::io::read_to_string(&mut entry).unwrap();
            (path, content)
        });
        assert_eq!(
            files.collect::<Vec<_>>(),
            [
                ("app/Dockerfile".to_owned(), "FROM nginx:1.30\n".to_owned()),
                ("app/web/page".to_owned(), "x".to_owned())
            ]
        );
    }

    #[test]
    fn faults() {
        for (text, line, message) in [
            ("```archive\n```\n", 1, "an archive is made of one folder"),
            (
                "```archive\na\nb\n```\n",
                1,
                "an archive is made of one folder",
            ),
            (
                "```archive\n\n../x\n```\n",
                3,
                "`../x` is no folder inside the book",
            ),
            (
                "```archive\n.\n```\n",
                2,
                "`.` is no folder inside the book",
            ),
            (
                "```archive\nnone\n```\n",
                2,
                "can't archive `none`: no such folder",
            ),
            (
                "```archive,file=x\nsamples/app\n```\n",
                1,
                "`file` is unknown",
            ),
            (
                "```archive,on=n1\nsamples/app\n```\n",
                1,
                "the page has no machine `n1`",
            ),
            (
                "```Archive\nsamples/app\n```\n",
                1,
                "the language is called `archive`",
            ),
        ] {
            assert_eq!(
                load(text, "x").unwrap_err(),
                [(line, message.to_owned())],
                "{text}"
            );
        }
    }
}
