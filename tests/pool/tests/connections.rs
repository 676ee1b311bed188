//! Faults that only a socket shows: cut connections, held requests, the end of the server.

use cognito_pool::{Beginning, CLIENT_ID, Clock, Keys, Serving, Settings, serve};
use serde_json::{Value, json};
use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

async fn server() -> Serving {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let keys = Keys::generate().unwrap();
    serve(
        listener,
        Beginning { demo: true, seed: Some(7), settings: Settings::default(), clock: Clock::system(), keys, url },
    )
    .unwrap()
}

/// Sends a request and leaves the connection open.
async fn begin(address: SocketAddr, method: &str, path: &str, headers: &str, body: &Value) -> TcpStream {
    let body = body.to_string();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let length = body.len();
    let request = format!("{method} {path} HTTP/1.1\r\nHost: pool\r\n{headers}Content-Length: {length}\r\n\r\n{body}");
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

async fn begin_forgot(address: SocketAddr) -> TcpStream {
    let headers = "Content-Type: application/x-amz-json-1.1\r\n\
                   X-Amz-Target: AWSCognitoIdentityProviderService.ForgotPassword\r\n";
    begin(address, "POST", "/", headers, &json!({ "ClientId": CLIENT_ID, "Username": "ada" })).await
}

/// All that comes until the server closes; nothing if the connection is cut.
async fn finish(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    // A cut may arrive as an orderly end or as a reset.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}

async fn control(address: SocketAddr, method: &str, path: &str, body: Value) -> Value {
    let answer = finish(begin(address, method, &format!("/_pool/{path}"), "", &body).await).await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{answer}");
    serde_json::from_str(body).unwrap()
}

async fn fault(address: SocketAddr, kind: &str) {
    control(address, "POST", "faults", json!({ "operation": "ForgotPassword", "kind": kind })).await;
}

async fn mails(address: SocketAddr) -> usize {
    control(address, "GET", "codes", json!({})).await.as_array().unwrap().len()
}

#[tokio::test]
async fn an_answer_ends_the_connection() {
    let server = server().await;
    let answer = finish(begin_forgot(server.address).await).await;
    assert!(answer.starts_with("HTTP/1.1 200"));
    assert!(answer.to_lowercase().contains("connection: close"));
    assert_eq!(answer.to_lowercase().matches("\r\ndate: ").count(), 1);
    server.stop().await;
}

#[tokio::test]
async fn a_request_dropped_before_is_not_processed() {
    let server = server().await;
    fault(server.address, "dropBefore").await;
    assert_eq!(finish(begin_forgot(server.address).await).await, "");
    assert_eq!(mails(server.address).await, 0);
    let requests = control(server.address, "GET", "requests", json!({})).await;
    assert_eq!((&requests[0]["operation"], &requests[0]["status"]), (&json!("ForgotPassword"), &json!(null)));
    server.stop().await;
}

#[tokio::test]
async fn a_request_dropped_after_is_processed() {
    let server = server().await;
    fault(server.address, "dropAfter").await;
    assert_eq!(finish(begin_forgot(server.address).await).await, "");
    assert_eq!(mails(server.address).await, 1);
    server.stop().await;
}

/// Sends a request that is held, and waits until the journal shows it.
async fn held(address: SocketAddr) -> TcpStream {
    fault(address, "hang").await;
    let stream = begin_forgot(address).await;
    loop {
        let requests = control(address, "GET", "requests", json!({})).await;
        if let Some(request) = requests.get(0) {
            assert_eq!(request["status"], json!(null));
            return stream;
        }
    }
}

#[tokio::test]
async fn a_held_request_goes_on_when_the_faults_are_cleared() {
    let server = server().await;
    let stream = held(server.address).await;
    assert_eq!(mails(server.address).await, 0);
    control(server.address, "DELETE", "faults", json!({})).await;
    assert!(finish(stream).await.starts_with("HTTP/1.1 200"));
    assert_eq!(mails(server.address).await, 1);
    server.stop().await;
}

#[tokio::test]
async fn a_reset_lets_a_held_request_go_on() {
    let server = server().await;
    let stream = held(server.address).await;
    control(server.address, "POST", "reset", json!({})).await;
    assert!(finish(stream).await.starts_with("HTTP/1.1 200"));
    assert_eq!(control(server.address, "GET", "requests", json!({})).await, json!([]));
    server.stop().await;
}

#[tokio::test]
async fn the_server_ends_although_a_request_is_held() {
    let server = server().await;
    let stream = held(server.address).await;
    let address = server.address;
    server.stop().await;
    assert_eq!(finish(stream).await, "");
    assert!(TcpStream::connect(address).await.is_err());
}
