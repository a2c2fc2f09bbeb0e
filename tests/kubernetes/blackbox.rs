//! Debian's blackbox exporter reads its modules, and tells a service that is well from one that is not.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::cases::{Kind, committed};
use super::folder::Folder;

const PROGRAM: &str = "prometheus-blackbox-exporter";

/// How long something may take that happens at all.
const PATIENCE: Duration = Duration::from_secs(30);

/// It is ended with the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn command() -> Command {
    Command::new(PROGRAM)
}

#[test]
fn the_exporter_reads_every_module() {
    let folder = Folder::new();
    let mut read = 0;
    for case in committed(Kind::Right) {
        let compilation = case.compile();
        let outputs = compilation.models.iter();
        let Some(path) = outputs
            .filter_map(|model| model.outputs.blackbox.clone())
            .next()
        else {
            continue;
        };
        let artifacts = compilation.artifacts();
        let mut files = artifacts.iter();
        let (_, bytes) = files
            .find(|(known, _)| *known == path)
            .expect("the modules");
        let file = folder.write(&format!("{}.yml", case.name), bytes);
        let output = command()
            .arg("--config.check")
            .arg("--config.file")
            .arg(&file)
            .output();
        let output =
            output.unwrap_or_else(|error| panic!("{PROGRAM}: {error}; scripts/test installs it"));
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {words}", case.name);
        read += 1;
    }
    assert!(read >= 4, "only {read} files");
}

#[test]
fn only_the_service_itself_is_alive_or_ready() {
    let folder = Folder::new();
    let case = committed(Kind::Right)
        .into_iter()
        .find(|case| case.name == "kubernetes-objects");
    let compilation = case.expect("a case").compile();
    let artifacts = compilation.artifacts();
    let mut files = artifacts.iter();
    let (_, modules) = files
        .find(|(path, _)| *path == "blackbox.yml")
        .expect("the modules");
    let file = folder.write("blackbox.yml", modules);
    let address = free_address();
    let child = command()
        .arg("--config.file")
        .arg(file)
        .arg(format!("--web.listen-address={address}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{PROGRAM}: {error}; scripts/test installs it"));
    let _exporter = Server(child);
    let (service, answer) = service();
    // As monospec-runtime answers, and as others do.
    let well = r#"{"status":"ok","timestamp":"t","checks":{"database":"healthy","search":"healthy","ledger-2":"healthy"}}"#;
    let degraded = well
        .replace(r#""ok""#, r#""degraded""#)
        .replace(r#""search":"healthy""#, r#""search":"unhealthy""#);
    let ill = well.replace(r#""database":"healthy""#, r#""database":"unhealthy""#);
    let other = r#"{"status":"ok","checks":{}}"#;
    let live = r#"{"status":"ok","timestamp":"t"}"#;
    for (module, status, body, is_well) in [
        ("shop-ready", "200 OK", well, true),
        ("shop-ready", "200 OK", degraded.as_str(), true),
        ("shop-ready", "503 Service Unavailable", well, false),
        ("shop-ready", "200 OK", ill.as_str(), false),
        ("shop-ready", "200 OK", other, false),
        ("shop-ready", "200 OK", "<html>Log in</html>", false),
        (
            "shop-ready",
            "302 Found\r\nLocation: /health/ready",
            well,
            false,
        ),
        ("shop-live", "200 OK", live, true),
        ("shop-live", "200 OK", "ok", false),
        ("shop-live", "500 Internal Server Error", live, false),
    ] {
        *answer.lock().expect("a lock") = format!(
            "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        let probed = get(
            &address,
            &format!("/probe?module={module}&target=http://{service}/health"),
        );
        let success = format!("\nprobe_success {}\n", u8::from(is_well));
        assert!(
            probed.contains(&success),
            "{module} {status} {body}\n{probed}"
        );
    }
}

/// A server that gives whatever answer it is told to.
fn service() -> (String, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    let answer = Arc::new(Mutex::new(String::new()));
    let told = Arc::clone(&answer);
    // It ends with the process.
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = stream;
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            let _ = stream.write_all(told.lock().expect("a lock").as_bytes());
        }
    });
    (address, answer)
}

fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").to_string()
}

/// What is answered, as soon as somebody does.
fn get(address: &str, path: &str) -> String {
    let deadline = Instant::now() + PATIENCE;
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.write_all(format!("GET {path} HTTP/1.0\r\n\r\n").as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    loop {
        match ask() {
            Ok(answer) if answer.contains(" 200 OK") => return answer,
            other => assert!(Instant::now() < deadline, "{address}{path}: {other:?}"),
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}
