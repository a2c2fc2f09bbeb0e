//! The layer behind a real server, and clients that behave as clients do.

use std::convert::Infallible;
use std::future::pending;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::header::{CONNECTION, UPGRADE};
use axum::http::{Request, Response, StatusCode};
use axum::routing::{any, get};
use http_body_util::channel::Channel;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tower_http::catch_panic::CatchPanicLayer;

use crate::{Recorded, Server, assert_done, layer, settle, until};

/// Sends a text on a connection of its own.
async fn connect(server: &Server, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server.address)
        .await
        .expect("a connection");
    stream.write_all(text.as_bytes()).await.expect("it is sent");
    stream
}

/// Sends a request that is the last of its connection, and reads what comes until the server closes.
async fn exchange(server: &Server, request_line: &str) -> String {
    let request = format!("{request_line} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    let mut answer = Vec::new();
    let mut stream = connect(server, &request).await;
    // A server that panics resets the connection.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).expect("a text")
}

/// Reads until this has come.
async fn read_until(stream: &mut TcpStream, end: &str) -> String {
    let mut text = String::new();
    while !text.ends_with(end) {
        let byte = stream
            .read_u8()
            .await
            .unwrap_or_else(|error| panic!("{error} after {text:?}"));
        text.push(char::from(byte));
    }
    text
}

#[tokio::test]
async fn a_client_that_goes_away_before_the_answer() {
    let (metrics, layer) = layer();
    let app = Router::new()
        .route("/slow/{id}", get(pending::<()>))
        .layer(layer);
    let server = Server::start(app).await;
    let stream = connect(&server, "GET /slow/1 HTTP/1.1\r\nhost: x\r\n\r\n").await;
    until("the handler runs", || Recorded::of(&metrics).in_flight == 1).await;
    drop(stream);
    settle(&metrics, &[("GET /slow/{id} 499", 1)]).await;
}

#[tokio::test]
async fn a_client_that_goes_away_during_the_answer() {
    let (metrics, layer) = layer();
    let endless = async || {
        let (mut sender, body) = Channel::<Bytes>::new(1);
        tokio::spawn(async move {
            while sender
                .send_data(Bytes::from_static(&[b'x'; 1000]))
                .await
                .is_ok()
            {
                tokio::task::yield_now().await;
            }
        });
        Body::new(body)
    };
    let app = Router::new().route("/endless", get(endless)).layer(layer);
    let server = Server::start(app).await;
    let mut stream = connect(&server, "GET /endless HTTP/1.1\r\nhost: x\r\n\r\n").await;
    let head = read_until(&mut stream, "xxx").await;
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    let recorded = Recorded::of(&metrics);
    assert_eq!(recorded.requests["GET /endless 200"], 1);
    assert!(recorded.durations.is_empty(), "{recorded:?}");
    assert_eq!(recorded.in_flight, 1);
    drop(stream);
    settle(&metrics, &[("GET /endless 200", 1)]).await;
}

#[tokio::test]
async fn a_slow_answer_is_in_flight_until_its_last_byte() {
    let (metrics, layer) = layer();
    let (sender, body) = Channel::<Bytes>::new(1);
    let body = std::sync::Mutex::new(Some(Body::new(body)));
    let slow = async move || body.lock().expect("no panic").take().expect("one request");
    let slow = std::sync::Arc::new(slow);
    let app = Router::new()
        .route("/slow", get(move || async move { slow().await }))
        .layer(layer);
    let server = Server::start(app).await;
    let mut stream = connect(&server, "GET /slow HTTP/1.1\r\nhost: x\r\n\r\n").await;
    let mut sender = sender;
    for piece in ["one", "two", "three"] {
        sender
            .send_data(Bytes::from(piece))
            .await
            .expect("it takes it");
        read_until(&mut stream, piece).await;
        assert_eq!(Recorded::of(&metrics).in_flight, 1);
    }
    drop(sender);
    read_until(&mut stream, "0\r\n\r\n").await;
    settle(&metrics, &[("GET /slow 200", 1)]).await;
}

#[tokio::test]
async fn a_connection_has_many_requests() {
    let (metrics, layer) = layer();
    let app = Router::new()
        .route("/a", get(|| async { "a" }))
        .layer(layer);
    let server = Server::start(app).await;
    // Sent at once, before the first is answered.
    let one = "GET /a HTTP/1.1\r\nhost: x\r\n\r\n";
    let other = "GET /b HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let mut stream = connect(&server, &[one, one, one, other].concat()).await;
    let mut answers = String::new();
    stream.read_to_string(&mut answers).await.expect("answers");
    assert_eq!(answers.matches("HTTP/1.1 ").count(), 4, "{answers}");
    settle(&metrics, &[("GET /a 200", 3), ("GET unmatched 404", 1)]).await;
}

#[tokio::test]
async fn head_has_no_body_to_wait_for() {
    let (metrics, layer) = layer();
    let endless = async || {
        let (sender, body) = Channel::<Bytes>::new(1);
        tokio::spawn(async move {
            pending::<()>().await;
            drop(sender);
        });
        Body::new(body)
    };
    let app = Router::new().route("/endless", get(endless)).layer(layer);
    let server = Server::start(app).await;
    let answer = exchange(&server, "HEAD /endless").await;
    assert!(
        answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("\r\n\r\n"),
        "{answer}"
    );
    settle(&metrics, &[("HEAD /endless 200", 1)]).await;
}

#[tokio::test]
async fn odd_requests() {
    let (metrics, layer) = layer();
    let app = Router::new()
        .route("/pot", any(|| async { StatusCode::IM_A_TEAPOT }))
        .layer(layer);
    let server = Server::start(app).await;
    for (request, status) in [
        ("BREW /pot", 418),
        ("get /pot", 418),
        ("!#$%&'*+-.^_`|~ /pot", 418),
        ("OPTIONS *", 404),
        ("CONNECT example.com:443", 404),
        ("GET http://example.com/pot", 418),
        ("GET /%00%ff", 404),
    ] {
        let answer = exchange(&server, request).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{request}: {answer}"
        );
    }
    // This is no request, and the server does not ask anybody.
    let answer = exchange(&server, "G\u{7f}T /pot").await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    settle(
        &metrics,
        &[
            ("GET /pot 418", 1),
            ("_OTHER /pot 418", 3),
            ("GET unmatched 404", 1),
            ("_OTHER unmatched 404", 2),
        ],
    )
    .await;
}

#[tokio::test]
async fn an_upgraded_connection_is_no_request() {
    let (metrics, layer) = layer();
    let upgrade = async |mut request: Request<Body>| {
        let upgrade = hyper::upgrade::on(&mut request);
        tokio::spawn(async move {
            let stream = upgrade.await.expect("an upgrade");
            let (mut read, mut write) = tokio::io::split(TokioIo::new(stream));
            tokio::io::copy(&mut read, &mut write)
                .await
                .expect("an echo");
        });
        Response::builder()
            .status(StatusCode::SWITCHING_PROTOCOLS)
            .header(CONNECTION, "upgrade")
            .header(UPGRADE, "echo")
            .body(Body::empty())
            .expect("a response")
    };
    let app = Router::new().route("/echo", get(upgrade)).layer(layer);
    let server = Server::start(app).await;
    let request = "GET /echo HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n";
    let mut stream = connect(&server, request).await;
    let head = read_until(&mut stream, "\r\n\r\n").await;
    assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
    for word in ["hello", "there"] {
        stream.write_all(word.as_bytes()).await.expect("it is sent");
        read_until(&mut stream, word).await;
        settle(&metrics, &[("GET /echo 101", 1)]).await;
    }
    drop(stream);
    settle(&metrics, &[("GET /echo 101", 1)]).await;
}

/// Fails in a way that is not reported.
async fn panics() -> Result<(), Infallible> {
    tokio::task::yield_now().await;
    std::panic::resume_unwind(Box::new("handler"))
}

#[tokio::test]
async fn a_handler_that_panics() {
    let app = || {
        Router::new()
            .route("/panics", get(panics))
            .route("/ok", get(|| async {}))
    };

    // Nobody catches it: the connection ends, the server does not.
    let (metrics, recorded) = layer();
    let server = Server::start(app().layer(recorded)).await;
    assert_eq!(exchange(&server, "GET /panics").await, "");
    assert!(
        exchange(&server, "GET /ok")
            .await
            .starts_with("HTTP/1.1 200 ")
    );
    settle(&metrics, &[("GET /panics 500", 1), ("GET /ok 200", 1)]).await;

    // It is caught inside of the layer, which sees an answer …
    let (metrics, recorded) = layer();
    let server = Server::start(app().layer(CatchPanicLayer::new()).layer(recorded)).await;
    assert!(
        exchange(&server, "GET /panics")
            .await
            .starts_with("HTTP/1.1 500 ")
    );
    settle(&metrics, &[("GET /panics 500", 1)]).await;

    // … or outside, and the layer sees a panic.
    let (metrics, recorded) = layer();
    let server = Server::start(app().layer(recorded).layer(CatchPanicLayer::new())).await;
    assert!(
        exchange(&server, "GET /panics")
            .await
            .starts_with("HTTP/1.1 500 ")
    );
    settle(&metrics, &[("GET /panics 500", 1)]).await;
}

#[tokio::test]
async fn a_server_that_ends_gives_all_back() {
    let (metrics, layer) = layer();
    let app = Router::new()
        .route("/slow", get(pending::<()>))
        .layer(layer);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime");
    let server = runtime.spawn(Server::start(app)).await.expect("a server");
    let stream = connect(&server, "GET /slow HTTP/1.1\r\nhost: x\r\n\r\n").await;
    until("the handler runs", || Recorded::of(&metrics).in_flight == 1).await;
    tokio::task::spawn_blocking(move || drop(runtime))
        .await
        .expect("it ends");
    assert_done(&metrics, &[("GET /slow 499", 1)]);
    drop(stream);
}
