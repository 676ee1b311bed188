//! The command line of the pool.

use cognito_pool::{Beginning, CLIENT_ID, Clock, IDENTITY_POOL_ID, Keys, POOL_ID, Settings, serve};
use serde_json::{Value, json};
use std::{
    io::{self, Read, Write},
    process::ExitCode,
};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::oneshot,
};

const USAGE: &str = "\
cognito-pool: a Cognito user pool in memory, served over HTTP

  --port N               where to listen; 0 = any free port (9229)
  --host ADDRESS         on which address (127.0.0.1)
  --demo                 begin with the demo's users
  --seed N               replay the same randomness; signing keys excepted
  --settings JSON        begin with these settings, as the control API takes them
  --until-stdin-closes   end when standard input closes
  --help                 print this";

struct Options {
    host: String,
    port: u16,
    demo: bool,
    seed: Option<u64>,
    settings: Settings,
    until_stdin_closes: bool,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--help") {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    match parse(&arguments).and_then(run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("cognito-pool: {why}");
            ExitCode::from(2)
        }
    }
}

fn parse(arguments: &[String]) -> Result<Options, String> {
    let mut options = Options {
        host: "127.0.0.1".to_owned(),
        port: 9229,
        demo: false,
        seed: None,
        settings: Settings::default(),
        until_stdin_closes: false,
    };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let mut value = || rest.next().ok_or(format!("{argument} needs a value"));
        let not_a_number = |_| format!("{argument} needs a number");
        match argument.as_str() {
            "--host" => options.host.clone_from(value()?),
            "--port" => options.port = value()?.parse().map_err(not_a_number)?,
            "--seed" => options.seed = Some(value()?.parse().map_err(not_a_number)?),
            "--settings" => {
                let change: Value =
                    serde_json::from_str(value()?).map_err(|error| format!("{argument} needs JSON: {error}"))?;
                options.settings = options.settings.merged(&change)?;
            }
            "--demo" => options.demo = true,
            "--until-stdin-closes" => options.until_stdin_closes = true,
            _ => return Err(format!("{argument} is not known; try --help")),
        }
    }
    Ok(options)
}

#[tokio::main]
async fn run(options: Options) -> Result<(), String> {
    let host = if options.host.contains(':') { format!("[{}]", options.host) } else { options.host.clone() };
    let listener =
        TcpListener::bind((options.host.as_str(), options.port)).await.map_err(|error| match error.kind() {
            io::ErrorKind::AddrInUse => format!("port {} is in use", options.port),
            _ => format!("cannot listen on {host}:{}: {error}", options.port),
        })?;
    let unexpected = |error: io::Error| error.to_string();
    let port = listener.local_addr().map_err(unexpected)?.port();
    let url = format!("http://{host}:{port}");
    let serving = serve(
        listener,
        Beginning {
            demo: options.demo,
            seed: options.seed,
            settings: options.settings,
            clock: Clock::system(),
            keys: Keys::generate()?,
            url: url.clone(),
        },
    )
    .map_err(unexpected)?;
    let mut interrupted = signal(SignalKind::interrupt()).map_err(unexpected)?;
    let mut terminated = signal(SignalKind::terminate()).map_err(unexpected)?;
    let input_closed = input_closed();

    let line = json!({
        "url": url,
        "userPoolId": POOL_ID,
        "clientId": CLIENT_ID,
        "identityPoolId": IDENTITY_POOL_ID,
        "issuer": format!("{url}/{POOL_ID}"),
        "domain": url,
    });
    let mut out = io::stdout();
    writeln!(out, "{line}").and_then(|()| out.flush()).map_err(unexpected)?;

    tokio::select! {
        _ = interrupted.recv() => {}
        _ = terminated.recv() => {}
        _ = input_closed, if options.until_stdin_closes => {}
    }
    serving.stop().await;
    Ok(())
}

/// Told when standard input closes. A thread of its own, because a pending read would keep the runtime from ending.
fn input_closed() -> oneshot::Receiver<()> {
    let (tell, told) = oneshot::channel();
    std::thread::spawn(move || {
        let mut input = io::stdin().lock();
        let mut bytes = [0; 1024];
        while input.read(&mut bytes).is_ok_and(|count| count > 0) {}
        // Nobody listens any more if the server has ended.
        let _ = tell.send(());
    });
    told
}
