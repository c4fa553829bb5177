// Shows what needs a passkey where the browser knows them, and a sentence when one fails.
const knowsPasskeys = "PublicKeyCredential" in window;
for (const button of document.querySelectorAll("[data-passkey]")) {
  button.hidden = !knowsPasskeys;
}
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  document.getElementById("passkey-fault").hidden = false;
});
