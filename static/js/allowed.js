// The store said yes: tell the page behind, then close this window where it is a pop-up of ours.
const STAYS_FOR = 1500;

new BroadcastChannel("onay").postMessage("store-connected");
setTimeout(() => window.close(), STAYS_FOR);
