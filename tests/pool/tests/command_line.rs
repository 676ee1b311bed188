//! The program: its line of JSON, its end, and its complaints.

use cognito_pool::IDENTITY_POOL_ID;
use serde_json::Value;
use std::process::Stdio;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    process::{Child, Command},
};

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cognito-pool"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

async fn started(arguments: &[&str]) -> (Child, Value) {
    let mut child = program(arguments).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).await.unwrap();
    (child, serde_json::from_str(&line).unwrap())
}

async fn complaint(arguments: &[&str]) -> String {
    let output = program(arguments).output().await.unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

#[tokio::test]
async fn it_says_where_it_listens_and_ends_with_its_input() {
    let (mut child, line) = started(&["--port", "0", "--demo", "--seed", "7", "--until-stdin-closes"]).await;
    let url = line["url"].as_str().unwrap();
    let port = url.strip_prefix("http://127.0.0.1:").unwrap();
    assert_ne!(port.parse::<u16>().unwrap(), 0);
    assert_eq!(line["userPoolId"], "eu-west-1_DemoPool1");
    assert_eq!(line["clientId"], "1vault2demo3client4app5id6");
    assert_eq!(line["issuer"], format!("{url}/eu-west-1_DemoPool1"));

    assert_eq!(line["domain"], url);
    assert_eq!(line["identityPoolId"], IDENTITY_POOL_ID);

    let taken = complaint(&["--port", port]).await;
    assert_eq!(taken, format!("cognito-pool: port {port} is in use\n"));

    drop(child.stdin.take());
    assert!(child.wait().await.unwrap().success());
}

#[tokio::test]
async fn it_ends_on_either_signal_but_not_with_its_input() {
    for signal in ["-INT", "-TERM"] {
        let (mut child, _) = started(&["--port", "0"]).await;
        drop(child.stdin.take());
        let id = child.id().unwrap().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().await.unwrap().success());
        assert_eq!(child.wait().await.unwrap().code(), Some(0));
    }
}

#[tokio::test]
async fn it_begins_with_the_settings_that_it_is_given() {
    let callback = "http://127.0.0.1:5005/callback";
    let settings =
        format!(r#"{{"hosted":{{"clients":{{"1vault2demo3client4app5id6":{{"callbackUrls":["{callback}"]}}}}}}}}"#);
    let (child, line) = started(&["--port", "0", "--settings", &settings]).await;
    let address = line["url"].as_str().unwrap().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(format!("GET /_pool/settings HTTP/1.1\r\nhost: {address}\r\n\r\n").as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let body: Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
    let client = &body["hosted"]["clients"]["1vault2demo3client4app5id6"];
    assert_eq!(client["callbackUrls"], serde_json::json!([callback]));
    // What was not given is as it was.
    assert_eq!(client["logoutUrls"][0], "http://127.0.0.1:4173/");
    drop(child);
    assert!(complaint(&["--settings", "x"]).await.contains("--settings needs JSON"));
    assert!(complaint(&["--settings", r#"{"colour":1}"#]).await.contains("unknown field"));
}

#[tokio::test]
async fn it_explains_itself_and_refuses_what_it_does_not_know() {
    let help = program(&["--help"]).output().await.unwrap();
    assert!(help.status.success() && String::from_utf8(help.stdout).unwrap().contains("--until-stdin-closes"));
    assert!(complaint(&["--colour"]).await.contains("--colour is not known"));
    assert!(complaint(&["--port"]).await.contains("--port needs a value"));
    assert!(complaint(&["--port", "70000"]).await.contains("--port needs a number"));
    assert!(complaint(&["--host", "256.0.0.1", "--port", "0"]).await.contains("cannot listen"));
}
