// Conveniences only: everything works without this file.
(function () {
  "use strict";

  // Session: a warning two minutes before the end (WCAG 2.2 SC 2.2.1), in step with the other tabs.
  var line = document.querySelector("[data-session]");
  var warning = document.getElementById("session-warning");
  if (line && warning && warning.showModal) {
    var title = document.title, opened = Date.now(), timer, warned = false;
    var idle = line.dataset.idle * 1000;
    // The time that nobody can put off, and the time that holds if nothing is done.
    var last = opened + line.dataset.last * 1000, end = opened + line.dataset.session * 1000;
    var extend = warning.querySelector("[data-extend]"), over = warning.querySelector("[data-over]");
    var channel = "BroadcastChannel" in window ? new BroadcastChannel("behorig-session") : null;
    var warn = function () {
      warned = true;
      extend.hidden = end >= last;
      over.hidden = !extend.hidden;
      warning.setAttribute("aria-describedby", "session-warning-" + (extend.hidden ? "over" : "extend"));
      document.title = warning.querySelector("h2").textContent + " – " + title;
      warning.showModal();
    };
    // The server has ended it by now. What was typed in a form that survives is sent to be kept, and to nothing else;
    // the answer says so and leads to the login. Nothing stays on the screen.
    var leave = function () {
      var mark = document.querySelector("main input[name=keep]");
      var typed = mark && Array.prototype.some.call(mark.form.elements, function (field) {
        return /^(text|email|tel|textarea)$/.test(field.type) && field.value.trim();
      });
      if (!typed) return extend.submit();
      Array.prototype.forEach.call(mark.form.elements, function (field) {
        if (field.type === "file") field.disabled = true;
      });
      mark.form.action = line.dataset.keep;
      mark.form.submit();
    };
    // By the clock and not by the timer alone: a computer that slept wakes up late.
    var look = function () {
      clearTimeout(timer);
      var left = end - Date.now();
      if (left <= -2000) return leave();
      if (left <= 120000 && !warned) warn();
      timer = setTimeout(look, left > 120000 ? left - 120000 : left + 2000);
    };
    var until = function (time) {
      end = Math.min(time, last);
      warned = false;
      document.title = title;
      if (warning.open) warning.close();
      look();
    };
    var tell = function () {
      if (channel) channel.postMessage({ end: end, last: last });
    };
    // The answer is 204: the page stays, with all that was typed.
    extend.addEventListener("submit", function () {
      until(Date.now() + idle);
      tell();
    });
    over.addEventListener("submit", function () {
      document.title = title;
    });
    document.addEventListener("visibilitychange", look);
    if (channel) {
      channel.onmessage = function (message) {
        last = message.data.last;
        until(message.data.end);
      };
    }
    tell();
    look();
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
