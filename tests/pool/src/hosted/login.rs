//! The sign-in pages: what their forms do, and which page comes next.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

use super::{
    authorize::{Asking, Prompt},
    call::{Call, Told, cookie},
    outside,
    pages::{self, Sheet},
};
use crate::{
    form::Form,
    pool::{Pool, Reply},
    refusal::Refusal,
    sign_in::Passed,
};

/// How long the language is remembered, in seconds.
const LANG_SECONDS: i64 = 365 * 86_400;

impl Pool {
    /// A page, or what its form asks for.
    pub(super) fn visit(&mut self, call: &Call) -> Told {
        let asking = match Asking::read(&call.query, &self.settings.hosted) {
            Ok(asking) => asking,
            Err(told) => return told,
        };
        let told = if call.method == "GET" {
            self.open(&asking, call)
        } else {
            match call.form.as_ref().filter(|form| form.text("_csrf") == call.xsrf) {
                Some(form) => self.submit(&asking, call, form),
                None => Told::page(403, pages::fault("invalid_request", "This form was not sent from here.")),
            }
        };
        match asking.lang {
            Some(lang) => told.set("set-cookie", &cookie("lang", lang, Some(LANG_SECONDS))),
            None => told,
        }
    }

    fn open(&mut self, asking: &Asking, call: &Call) -> Told {
        let sheet = self.sheet(asking, call);
        match call.path.as_str() {
            "/login" if asking.prompt == Prompt::Never => self.authorize(call),
            "/login" => match asking.provider.as_deref().and_then(outside::of_name) {
                Some(provider) => self.leave_for(provider, asking.clone(), call),
                None => Told::page(200, sheet.login("", asking.login_hint.as_deref().unwrap_or_default())),
            },
            "/signup" => Told::page(200, sheet.sign_up("", &self.settings.required_attributes)),
            "/forgotPassword" => Told::page(200, sheet.forgot_password("")),
            _ => Told::page(405, pages::fault("invalid_request", "This page is not opened by itself.")),
        }
    }

    fn submit(&mut self, asking: &Asking, call: &Call, form: &Form) -> Told {
        let sheet = self.sheet(asking, call);
        let username = form.text("username");
        let operation = |pool: &mut Self, name: &str, more: Value| {
            let mut body = json!({ "ClientId": asking.client, "Username": username });
            if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
                body.extend(more);
            }
            pool.operate(name, body.to_string().as_bytes())
        };
        let code = || json!({ "ConfirmationCode": form.text("code") });
        let with_password = || json!({ "ConfirmationCode": form.text("code"), "Password": form.text("password") });
        let outcome = match call.path.as_str() {
            "/login" => {
                let passed = if self.takes_passwords(&asking.client) {
                    self.check_password(username, form.text("password"))
                } else {
                    Err(Refusal::wrong_credentials())
                };
                return self.passed(asking, &sheet, username, passed);
            }
            "/newPassword" => {
                let passed = self.answer_new_password(form);
                return self.passed(asking, &sheet, username, passed);
            }
            "/signup" => operation(self, "SignUp", sign_up(form)).map_err(|refusal| {
                let html = sheet.sign_up(&refusal.message, &self.settings.required_attributes);
                (refusal, html)
            }),
            "/confirm" => operation(self, "ConfirmSignUp", code())
                .map_err(|refusal| (refusal.clone(), sheet.confirm(&refusal.message, username))),
            "/resendcode" => operation(self, "ResendConfirmationCode", json!({}))
                .map_err(|refusal| (refusal.clone(), sheet.confirm(&refusal.message, username))),
            "/forgotPassword" => operation(self, "ForgotPassword", json!({}))
                .map_err(|refusal| (refusal.clone(), sheet.forgot_password(&refusal.message))),
            "/confirmForgotPassword" => operation(self, "ConfirmForgotPassword", with_password())
                .map_err(|refusal| (refusal.clone(), sheet.reset_password(&refusal.message, username))),
            _ => return Told::page(405, pages::fault("invalid_request", "Nothing is sent to this page.")),
        };
        match (outcome, call.path.as_str()) {
            (Err((refusal, html)), _) => Told::page(200, html).named(refusal.name),
            (Ok(Reply::Body(body)), "/signup") if body.get("UserConfirmed") == Some(&json!(true)) => sheet.to_login(),
            (Ok(_), "/signup" | "/resendcode") => Told::page(200, sheet.confirm("", username)),
            (Ok(_), "/forgotPassword") => Told::page(200, sheet.reset_password("", username)),
            (Ok(_), _) => sheet.to_login(),
        }
    }

    /// What follows a password: the way back, or another page.
    fn passed(&mut self, asking: &Asking, sheet: &Sheet, username: &str, passed: Result<Passed, Refusal>) -> Told {
        let refusal = match passed {
            Ok(Passed::Whole(username)) => return self.welcome(asking, username, outside::OWN),
            Ok(Passed::Asked(challenge)) => match challenge.get("ChallengeName").and_then(Value::as_str) {
                Some("NEW_PASSWORD_REQUIRED") => {
                    let session = challenge.get("Session").and_then(Value::as_str).unwrap_or_default();
                    return Told::page(200, sheet.new_password("", username, session, &self.missing(username)));
                }
                _ => Refusal::invalid_parameter("The challenge cannot be answered on these pages."),
            },
            Err(refusal) => refusal,
        };
        let html = match refusal.name {
            "UserNotConfirmedException" => sheet.confirm(&refusal.message, username),
            "PasswordResetRequiredException" => sheet.forgot_password(&refusal.message),
            _ => sheet.login(&refusal.message, username),
        };
        Told::page(200, html).named(refusal.name)
    }

    fn answer_new_password(&mut self, form: &Form) -> Result<Passed, Refusal> {
        let named = |(name, value)| match name {
            "username" => Some(("USERNAME", value)),
            "password" => Some(("NEW_PASSWORD", value)),
            name => name.starts_with("userAttributes.").then_some((name, value)),
        };
        let given: BTreeMap<&str, &str> = form.pairs().filter_map(named).collect();
        self.answer_challenge("NEW_PASSWORD_REQUIRED", form.text("session"), given)
    }

    fn missing(&self, username: &str) -> Vec<String> {
        let user = self.users.signing_in_as(username, &self.settings);
        user.map(|user| user.missing_attributes(&self.settings)).unwrap_or_default()
    }

    fn takes_passwords(&self, client: &str) -> bool {
        let client = self.settings.hosted.clients.get(client);
        client.is_some_and(|client| client.providers.iter().any(|name| name == outside::OWN))
    }

    fn sheet(&self, asking: &Asking, call: &Call) -> Sheet {
        let remembered = call.cookies.get("lang").map(String::as_str);
        let providers = self.settings.hosted.clients.get(&asking.client).map(|client| client.providers.clone());
        let mut providers = providers.unwrap_or_default();
        // Who chose a provider is not shown the others.
        providers.retain(|name| asking.provider.as_ref().is_none_or(|chosen| chosen == name));
        Sheet {
            query: call.query.written(),
            xsrf: call.xsrf.clone(),
            lang: asking.lang.or(remembered).unwrap_or_default().to_owned(),
            providers,
        }
    }
}

/// What SignUp takes: the password, and every other field as an attribute.
fn sign_up(form: &Form) -> Value {
    let attributes: Vec<Value> = form
        .pairs()
        .filter(|(name, value)| !matches!(*name, "_csrf" | "username" | "password") && !value.is_empty())
        .map(|(name, value)| json!({ "Name": name, "Value": value }))
        .collect();
    let body = [("Password", json!(form.text("password"))), ("UserAttributes", json!(attributes))];
    Value::Object(body.map(|(name, value)| (name.to_owned(), value)).into_iter().collect::<Map<_, _>>())
}
