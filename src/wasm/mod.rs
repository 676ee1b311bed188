//! The surface that JavaScript sees: one class that converts, calls and converts.

mod heap;
mod tasks;
mod values;

use crate::browser::{Browser, Edge};
use crate::client::Client;
use crate::error::{Code, Error};
use crate::protocol::json::{Json, Object};
use crate::secret::SecretBytes;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};
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
    client: Rc<Client<Browser>>,
    tasks: Tasks,
    /// The calls that can still be given up.
    calls: Calls,
}

type Calls = Rc<RefCell<Vec<(u32, Rc<Cell<bool>>)>>>;

#[wasm_bindgen]
impl Engine {
    /// A vault with nobody signed in, from the configuration as JSON.
    ///
    /// # Errors
    /// `InvalidConfig`, naming the field, as JSON.
    #[wasm_bindgen(constructor)]
    pub fn new(edge: Edge, config: &str) -> Result<Engine, JsValue> {
        let config = Json::parse(config).unwrap_or(Json::NULL);
        match values::config(config) {
            Ok(config) => Ok(Engine {
                client: Rc::new(Client::new(config, Browser::new(edge))),
                tasks: Tasks::default(),
                calls: Calls::default(),
            }),
            Err(error) => Err(JsValue::from_str(&values::error(&error))),
        }
    }

    /// Calls one of the vault's methods with an argument as JSON; a password goes beside it, in UTF-8.
    /// `Edge.done` brings the result.
    ///
    /// | method | argument | result |
    /// |---|---|---|
    /// | `signIn` | `{ username, flow?, clientMetadata? }`, password | a step |
    /// | `signUp` | `{ username, attributes?, validationData?, clientMetadata? }`, password | a step |
    /// | `answer` | `{ id, code?, attributes? }`, password | the next step |
    /// | `resend` | `{ id }` | where the code was sent |
    /// | `giveUp` | `{ id }` | |
    /// | `confirmSignUp` | `{ username, code, clientMetadata? }` | |
    /// | `resendSignUpCode` | `{ username, clientMetadata? }` | where the code was sent |
    /// | `attributes` | | the user's attributes by name |
    /// | `refresh` | | |
    /// | `signOut` | | fails, after forgetting, if the tokens could not be revoked |
    /// | `fetch` | `{ origin }` | after `Edge.api` |
    pub fn call(&self, call: u32, method: String, argument: String, password: Vec<u8>) {
        let given_up = Rc::new(Cell::new(false));
        self.calls.borrow_mut().push((call, given_up.clone()));
        let (client, calls) = (self.client.clone(), self.calls.clone());
        self.tasks.add(async move {
            let argument = Json::parse(&argument).unwrap_or(Json::NULL);
            let result = run(&client, call, &method, argument, SecretBytes::new(password), &given_up).await;
            calls.borrow_mut().retain(|(known, _)| *known != call);
            client.host().edge().done(call, &values::result(result));
        });
    }

    /// Brings what became of something that the `Edge` began.
    pub fn resume(&self, ticket: u32, head: &str, body: String) {
        self.client.host().resume(ticket, head, body);
        self.tasks.run();
    }

    /// Gives a call up: nothing of it is kept.
    #[wasm_bindgen(js_name = giveUp)]
    pub fn give_up(&self, call: u32) {
        for (_, given_up) in self.calls.borrow().iter().filter(|(known, _)| *known == call) {
            given_up.set(true);
        }
    }

    /// Makes the next sign-in's SRP key pair, in idle time. Without entropy that sign-in will say so.
    pub fn prepare(&self) {
        let _ = self.client.prepare();
    }
}

async fn run(
    client: &Client<Browser>,
    call: u32,
    method: &str,
    argument: Json<'_>,
    password: SecretBytes,
    given_up: &Cell<bool>,
) -> Result<Option<Object>, Error> {
    let given_up = || given_up.get();
    let metadata = || values::pairs(argument, "clientMetadata");
    let username = || values::required(argument, "username");
    let next = match method {
        "signIn" => client.sign_in(values::credentials(argument, password)?, &given_up).await?,
        "signUp" => client.sign_up(values::registration(argument, password)?, &given_up).await?,
        "answer" => client.answer(values::id(argument), values::answer(argument, password), &given_up).await?,
        "resend" => return client.resend(values::id(argument)).await.map(values::delivery),
        "giveUp" => {
            client.give_up(values::id(argument));
            return Ok(None);
        }
        "confirmSignUp" => {
            let code = values::required(argument, "code")?;
            return client.confirm_sign_up(&username()?, &code, metadata()).await.map(|()| None);
        }
        "resendSignUpCode" => return client.resend_sign_up_code(&username()?, metadata()).await.map(values::delivery),
        "attributes" => return client.attributes().await.map(|attributes| Some(Object::of(&attributes))),
        "refresh" => return client.refresh().await.map(|()| None),
        "signOut" => return client.sign_out().await.map(|()| None),
        "fetch" => {
            let origin = values::required(argument, "origin")?;
            let send = async |token: &_| Ok((client.host().api(call, token).await?, ()));
            return client.with_token(&origin, send).await.map(|()| None);
        }
        _ => return Err(Error::new(Code::InvalidState, "The vault has no such method.")),
    };
    Ok(Some(values::next(next)))
}
