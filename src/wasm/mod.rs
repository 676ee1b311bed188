//! The surface that JavaScript sees: one class that converts, calls and converts.

mod heap;
mod stack;
mod tasks;
mod values;

use crate::browser::{Browser, Edge};
use crate::client::{Client, GivenUp, Next, Task};
use crate::error::{Code, Error};
use crate::protocol::json::Json;
use crate::secret::{SecretBytes, SecretText};
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::Cell;
use core::future::poll_fn;
use core::task::{Context, Poll};
use tasks::Tasks;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[global_allocator]
static HEAP: heap::Wiping = heap::Wiping::new();

/// A panic is a fault of this crate: it traps, and says nothing that could hold a secret.
#[cfg(feature = "module")]
#[panic_handler]
fn trap(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// One app's vault.
#[wasm_bindgen]
pub struct Engine {
    vault: Rc<Vault>,
    tasks: Tasks,
}

struct Vault {
    client: Client<Browser>,
    /// The calls under way that were not given up.
    wanted: Cell<Vec<u32>>,
}

impl Vault {
    /// Whether `call` is under way and wanted.
    fn wants(&self, call: u32) -> bool {
        let wanted = self.wanted.take();
        let found = wanted.contains(&call);
        self.wanted.set(wanted);
        found
    }

    /// Forgets `call`: it is over, or given up.
    fn forget(&self, call: u32) {
        let mut wanted = self.wanted.take();
        wanted.retain(|known| *known != call);
        self.wanted.set(wanted);
    }
}

#[wasm_bindgen]
impl Engine {
    /// A vault with nobody signed in, from the configuration as JSON.
    ///
    /// # Errors
    /// `InvalidConfig`, naming the field, as JSON.
    #[wasm_bindgen(constructor)]
    pub fn new(edge: Edge, config: &str) -> Result<Engine, JsValue> {
        match values::config(Json::parse(config).unwrap_or(Json::NULL)) {
            Ok(config) => {
                let vault = Vault { client: Client::new(config, Browser::new(edge)), wanted: Cell::default() };
                Ok(Engine { vault: Rc::new(vault), tasks: Tasks::default() })
            }
            Err(error) => Err(JsValue::from_str(&values::error(&error))),
        }
    }

    /// Calls one of the vault's methods with an argument as JSON; a password goes beside it, in UTF-8.
    /// `Edge.done` brings the result.
    ///
    /// | method | argument | result |
    /// |---|---|---|
    /// | `signIn` | `{ username, flow?, prefer?, acrValues?, maxAge?, clientMetadata? }`, password | a step |
    /// | `signUp` | `{ username, attributes?, validationData?, clientMetadata? }`, password | a step |
    /// | `answer` | `{ id, code?, email?, attributes? }`, password | the next step |
    /// | `resend` | `{ id }` | the reply's object |
    /// | `giveUp` | `{ id }` | |
    /// | `account` | `{ operation, members?, secrets? }`, passwords joined by zeros | the reply's object |
    /// | `refresh` | | |
    /// | `signOut` | `{ everywhere? }` | fails, after forgetting, if the tokens could not be revoked |
    /// | `restore` | | after the session that is kept was taken up |
    /// | `importSession` | `{ id, access, refresh, device? }` | |
    /// | `exchange` | `{ domain, code, verifier, redirectUri, nonce }` | |
    /// | `touch` | | |
    /// | `fetch` | `{ origin }` | after `Edge.api` |
    pub fn call(&self, call: u32, method: String, argument: String, password: Vec<u8>) {
        let vault = self.vault.clone();
        let mut wanted = vault.wanted.take();
        wanted.push(call);
        vault.wanted.set(wanted);
        self.tasks.add(async move {
            let given_up = || !vault.wants(call);
            let argument = Json::parse(&argument).unwrap_or(Json::NULL);
            let mut begun = begin(&vault.client, call, &method, argument, SecretBytes::new(password), &given_up)
                .unwrap_or_else(|error| Call::Over(Some(error)));
            let result = poll_fn(|context| begun.poll(context)).await;
            vault.forget(call);
            vault.client.host().edge().done(call, &values::result(result));
        });
        stack::wipe();
    }

    /// Brings what became of something that the `Edge` began.
    pub fn resume(&self, ticket: u32, head: &str, body: String) {
        self.vault.client.host().resume(ticket, head, body);
        self.tasks.run();
        stack::wipe();
    }

    /// Gives a call up: nothing of it is kept.
    #[wasm_bindgen(js_name = giveUp)]
    pub fn give_up(&self, call: u32) {
        self.vault.forget(call);
    }

    /// Makes the next sign-in's SRP key pair, in idle time. Without entropy that sign-in will say so.
    pub fn prepare(&self) {
        let _ = self.vault.client.prepare();
        stack::wipe();
    }
}

/// A call by the kind of its result.
enum Call<'a> {
    Conversation(Task<'a, Next>),
    Object(Task<'a, SecretText>),
    Plain(Task<'a, ()>),
    Over(Option<Error>),
}

impl Call<'_> {
    /// Its result as JSON, once it is there.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<SecretText, Error>> {
        match self {
            Call::Conversation(task) => task.as_mut().poll(context).map_ok(|next| values::next(next).finish()),
            Call::Object(task) => task.as_mut().poll(context),
            Call::Plain(task) => task.as_mut().poll(context).map_ok(|()| SecretText::default()),
            Call::Over(error) => Poll::Ready(error.take().map_or(Ok(SecretText::default()), Err)),
        }
    }
}

fn begin<'a>(
    client: &'a Client<Browser>,
    call: u32,
    method: &str,
    argument: Json<'_>,
    password: SecretBytes,
    given_up: GivenUp<'a>,
) -> Result<Call<'a>, Error> {
    let text = |name| values::required(argument, name);
    let id = values::id(argument);
    Ok(match method {
        "signIn" => Call::Conversation(client.sign_in(values::credentials(argument, password)?, given_up)),
        "signUp" => Call::Conversation(client.sign_up(values::registration(argument, password)?, given_up)),
        "answer" => Call::Conversation(client.answer(id, values::answer(argument, password), given_up)),
        "resend" => Call::Object(client.resend(id)),
        "giveUp" => {
            client.give_up(id);
            Call::Over(None)
        }
        "account" => {
            let (operation, members) = values::account(argument, &password)?;
            Call::Object(client.account(&operation, members))
        }
        "refresh" => Call::Plain(client.refresh()),
        "signOut" if argument.member("everywhere").is_some() => Call::Plain(client.sign_out_everywhere()),
        "signOut" => Call::Plain(client.sign_out()),
        "restore" => Call::Plain(client.restore()),
        "importSession" => Call::Plain(client.import_session(values::tokens(argument)?, values::device(argument))),
        "exchange" => Call::Plain(client.exchange(values::grant(argument)?)),
        "touch" => Call::Plain(client.touch()),
        "tend" => Call::Plain(client.tend()),
        "changed" => {
            let subject = text("subject")?;
            Call::Plain(Box::pin(async move { client.changed(&subject).await }))
        }
        "fetch" => {
            let origin = text("origin")?;
            Call::Plain(Box::pin(async move {
                let send = async |token: &_| Ok((client.host().api(call, token).await?, ()));
                client.with_token(&origin, send).await
            }))
        }
        _ => return Err(Error::new(Code::InvalidState, "The vault has no such method.")),
    })
}
