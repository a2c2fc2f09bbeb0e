//! Addresses of things on the network.

/// Whether this is an address with a password: `https://user:password@host/path`.
pub(crate) fn has_password(text: &str) -> bool {
    let authority = text
        .split_once("://")
        .and_then(|(_, rest)| rest.split(['/', '?', '#']).next());
    authority
        .and_then(|authority| authority.rsplit_once('@'))
        .is_some_and(|(user, _)| user.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::has_password;

    #[test]
    fn addresses_with_a_password_are_known() {
        assert!(has_password("https://user:word@host/write"));
        for text in [
            "https://user@host/write",
            "https://host:9090/a@b:c",
            "user:word@host",
            "https://[::1]:9090/",
        ] {
            assert!(!has_password(text), "{text}");
        }
    }
}
