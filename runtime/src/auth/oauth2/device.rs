//! Tokens that a user authorizes on another device (RFC 8628).
//!
//! In: a [`DevicePrompt`] for the user. Out: a token, as soon as the user has agreed. Invariant: the server is polled
//! no more often than it allows, and not after the code has expired.

use std::time::Duration;

use serde_json::Value;

use super::answer::{seconds, text};
use super::error::OAuth2Error;
use super::{Flow, OAuth2};
use crate::auth::provider::{Token, TokenClient};
use crate::platform::{Instant, timer};

/// The grant type of a token request (RFC 8628 §3.4).
const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// The default polling interval (RFC 8628 §3.2).
const INTERVAL: Duration = Duration::from_secs(5);
/// The increase of the polling interval after `slow_down` (RFC 8628 §3.5).
const SLOWER: Duration = Duration::from_secs(5);
/// The limits of the intervals that a server can request.
const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(60);
const MOST: Duration = Duration::from_secs(3600);

/// Instructions for a user who has to agree on another device (RFC 8628 §3.3): a page to open and a code to enter.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DevicePrompt {
    /// The page to open.
    pub verification_uri: String,
    /// The page with the code included, for example for a QR code.
    pub verification_uri_complete: Option<String>,
    /// The code to enter there.
    pub user_code: String,
    /// The lifetime of the code.
    pub expires_in: Duration,
}

impl OAuth2 {
    /// Prompts the user, and polls for the token until the user has agreed.
    pub(super) async fn by_device(
        &self,
        client: &dyn TokenClient,
        prompt: &(dyn Fn(&DevicePrompt) + Send + Sync),
        scope: &str,
    ) -> Result<Token, OAuth2Error> {
        let Flow { token_url, device_url, .. } = self.flow;
        let answer = self.requested(client, device_url, &[("scope", scope)], true).await?;
        let (device_code, mut interval, shown) = started(&answer)?;
        prompt(&shown);
        let end = Instant::now() + shown.expires_in;
        let parameters = [("grant_type", GRANT), ("device_code", device_code.as_str())];
        loop {
            timer::sleep(interval).await;
            let error = match self.requested(client, token_url, &parameters, false).await {
                Ok(answer) => return self.granted(&answer),
                Err(error) => error,
            };
            match error.code() {
                Some("authorization_pending") => {}
                Some("slow_down") => interval += SLOWER,
                // RFC 8628 §3.5.
                None if error.is_timeout() => interval = interval.saturating_mul(2),
                _ => return Err(error),
            }
            if Instant::now() + interval >= end {
                return Err(OAuth2Error::new("the user did not authorize the device in time"));
            }
        }
    }
}

/// Reads the response to the device authorization request (RFC 8628 §3.2): the device code, the interval of polling, and
/// the prompt.
fn started(answer: &Value) -> Result<(String, Duration, DevicePrompt), OAuth2Error> {
    let shown = |name: &str| match text(answer, name) {
        // The text is shown on a terminal.
        Some(text) if text.contains(char::is_control) => {
            Err(OAuth2Error::new("the server returned a text with a control character"))
        }
        text => Ok(text.map(str::to_owned)),
    };
    let required =
        |name: &str| shown(name)?.ok_or_else(|| OAuth2Error::new(format!("the server returned no `{name}`")));
    let device_code = required("device_code")?;
    let prompt = DevicePrompt {
        // The name before the RFC, which some servers still use.
        verification_uri: required("verification_uri")
            .or_else(|error| required("verification_url").map_err(|_| error))?,
        verification_uri_complete: shown("verification_uri_complete")?,
        user_code: required("user_code")?,
        expires_in: seconds(answer, "expires_in").unwrap_or(MOST).min(MOST),
    };
    let interval = seconds(answer, "interval").unwrap_or(INTERVAL).clamp(SHORTEST, LONGEST);
    Ok((device_code, interval, prompt))
}
