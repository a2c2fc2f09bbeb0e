//! A mail server that keeps what it is sent.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::wait_for;

/// [aiosmtpd](https://aiosmtpd.aio-libs.org/), with a Maildir. It is ended with the test.
pub(crate) struct MailServer {
    child: Child,
    maildir: PathBuf,
    pub(crate) address: String,
}

impl MailServer {
    pub(crate) fn start(folder: &Path) -> Self {
        let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/python/bin/python3");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        drop(listener);
        let maildir = folder.join("mail");
        let child = Command::new(&python)
            .args(["-m", "aiosmtpd", "--nosetuid", "--listen", &address])
            .args(["--class", "aiosmtpd.handlers.Mailbox"])
            .arg(&maildir)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let child = child.unwrap_or_else(|error| {
            panic!(
                "{}: {error}; scripts/test installs it, with aiosmtpd",
                python.display()
            )
        });
        let mut server = Self {
            child,
            maildir,
            address,
        };
        wait_for(
            "the mail server (aiosmtpd, which scripts/test installs)",
            || {
                let ended = server.child.try_wait().expect("a child");
                assert!(
                    ended.is_none(),
                    "the mail server ended: {ended:?}; scripts/test installs aiosmtpd into target/python"
                );
                TcpStream::connect(&server.address).ok()
            },
        );
        server
    }

    /// The first mail that has these words, with its parts as they were before they were encoded for the way.
    pub(crate) fn wait(&self, words: &str) -> String {
        wait_for(&format!("a mail with {words:?}"), || {
            let mails = fs::read_dir(self.maildir.join("new")).ok()?;
            let mut mails = mails
                .flatten()
                .filter_map(|mail| Some(unquoted(&fs::read_to_string(mail.path()).ok()?)));
            mails.find(|mail| mail.contains(words))
        })
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Text without [quoted-printable](https://www.rfc-editor.org/rfc/rfc2045#section-6.7).
fn unquoted(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace("=\n", "");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let code = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let code = code.and_then(|two| u8::from_str_radix(two, 16).ok());
        match (first, code) {
            (b'=', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
