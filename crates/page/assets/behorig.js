// Conveniences only: everything works without this file.
(function () {
  "use strict";

  // Session: a warning two minutes before the end (WCAG 2.2 SC 2.2.1), told to the other tabs when renewed.
  var line = document.querySelector("[data-session]");
  var warning = document.getElementById("session-warning");
  if (line && warning && warning.showModal) {
    var title = document.title, timers = [];
    var channel = "BroadcastChannel" in window ? new BroadcastChannel("behorig-session") : null;
    var length = Number(line.dataset.session);
    var start = function () {
      timers.forEach(clearTimeout);
      document.title = title;
      if (warning.open) warning.close();
      timers = [
        setTimeout(function () {
          document.title = warning.querySelector("h2").textContent + " – " + title;
          warning.showModal();
        }, Math.max(0, length - 120) * 1000),
        // The server has ended it by now: its answer says so and leads to the login.
        setTimeout(function () { warning.querySelector("form").submit(); }, (length + 2) * 1000)
      ];
    };
    // The answer is 204: the page stays, with all that was typed.
    warning.querySelector("form").addEventListener("submit", function () {
      start();
      if (channel) channel.postMessage("renewed");
    });
    if (channel) {
      channel.onmessage = start;
      channel.postMessage("renewed");
    }
    start();
  }

  // QR code: says whether all of it is on the screen, for those who see little of it at a time.
  var code = document.querySelector("[data-qr-visible]");
  var says = code && document.getElementById("qr-visibility");
  if (says && "IntersectionObserver" in window) {
    new IntersectionObserver(function (entries) {
      var ratio = entries[entries.length - 1].intersectionRatio;
      says.textContent = ratio >= 0.85 ? code.dataset.qrVisible : code.dataset.qrHidden;
    }, { threshold: [0, 0.85, 1] }).observe(code);
  }

  // Reference codes can be copied.
  document.querySelectorAll("[data-copy]").forEach(function (button) {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent).then(function () {
        button.textContent = button.dataset.copied;
      });
    });
  });
})();
