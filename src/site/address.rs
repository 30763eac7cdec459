//! Where a site stands on the web, as far as its book says.

use mdbook::config::HtmlConfig;

/// The full address of a site's first page, with `/` at its end.
pub(super) struct Address(String);

impl Address {
    /// The address by `site-url`, if that is a full one, or by `cname` and the path in `site-url`.
    pub(super) fn of(html: &HtmlConfig) -> Option<Self> {
        let url = html.site_url.as_deref().unwrap_or("/");
        let full = if url.starts_with("https://") || url.starts_with("http://") {
            url.to_owned()
        } else {
            let host = html.cname.as_deref()?;
            format!("https://{host}/{}", url.trim_start_matches('/'))
        };
        Some(Self(format!("{}/", full.trim_end_matches('/'))))
    }

    /// The address of the page at `place`; a folder's first page is its folder.
    pub(super) fn page(&self, place: &str) -> String {
        let place = match place.strip_suffix("index.html") {
            Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
            _ => place,
        };
        format!("{}{place}", self.0)
    }

    /// The place in the site to which the full address `url` leads, if it is one of the site's.
    pub(super) fn place<'u>(&self, url: &'u str) -> Option<&'u str> {
        url.strip_prefix(self.0.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_full_or_none() {
        let of = |url: Option<&str>, cname: Option<&str>| {
            let mut html = HtmlConfig::default();
            html.site_url = url.map(str::to_owned);
            html.cname = cname.map(str::to_owned);
            Address::of(&html).map(|address| address.page("a/index.html"))
        };
        assert_eq!(
            of(Some("https://x.org/b"), None).as_deref(),
            Some("https://x.org/b/a/")
        );
        assert_eq!(
            of(Some("/b/"), Some("x.org")).as_deref(),
            Some("https://x.org/b/a/")
        );
        assert_eq!(of(None, Some("x.org")).as_deref(), Some("https://x.org/a/"));
        assert_eq!(of(Some("/b/"), None), None);
    }
}
