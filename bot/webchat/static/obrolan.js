// Replies without a new page. Everything here is an extra: the forms work alone.
(function () {
  'use strict';
  var ask = document.getElementById('tanya'), pick = document.getElementById('pilihan'), log = document.getElementById('log');
  if (!ask || !log || !window.fetch || !window.DOMParser || !window.AbortController) return;
  var box = document.getElementById('teks'), wait = document.getElementById('tunggu');
  var framed = document.body.classList.contains('bingkai');
  var after = Number(log.getAttribute('data-after')) || 0;
  var key = ask.elements.kunci ? ask.elements.kunci.value : '';
  var queue = load('antre') || [], sending = false, retry = 0, retryTimer = 0;
  var waiting = !wait.hidden, waitTimer = 0;
  var started = waiting || log.querySelector('[data-id], .sendiri') !== null;

  // The tab remembers what was typed and not yet accepted. Where storage is forbidden, as in some frames, the window's
  // name serves, which no other site can read.
  function shelf() { try { return JSON.parse(window.name).tanya || {}; } catch (e) { return {}; } }
  function load(name) {
    try { return JSON.parse(sessionStorage.getItem('tanya.' + name)); } catch (e) { return shelf()[name]; }
  }
  function save(name, value) {
    try { sessionStorage.setItem('tanya.' + name, JSON.stringify(value)); } catch (e) {
      var s = shelf(); s[name] = value;
      if (framed) window.name = JSON.stringify({ tanya: s });
    }
  }
  function headers(accept) {
    var h = { Accept: accept };
    if (key) h['Tanya-Key'] = key;
    return h;
  }
  function word(id) { return document.getElementById(id).content; }
  function number() {
    var s = '';
    crypto.getRandomValues(new Uint8Array(16)).forEach(function (b) { s += (b + 256).toString(16).slice(1); });
    return s;
  }

  // What is on the page.
  function add(html) {
    var doc = new DOMParser().parseFromString(html, 'text/html'), fresh = false;
    Array.prototype.slice.call(doc.body.children).forEach(function (m) {
      var id = m.getAttribute('data-id');
      if (id && log.querySelector('[data-id="' + id + '"]')) return;
      if (m.getAttribute('data-hasil') === 'erased') clear();
      log.appendChild(document.importNode(m, true));
      fresh = fresh || Boolean(id);
    });
    if (!fresh) return;
    if (waiting) show(last('.sendiri') || log.lastElementChild);
    awaitReply(false);
  }
  function clear() {
    while (log.children.length > 1) log.removeChild(log.lastElementChild);
    save('draf', '');
  }
  function last(sel) { var all = log.querySelectorAll(sel); return all[all.length - 1]; }
  function show(el) {
    var calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (el) el.scrollIntoView({ block: 'start', behavior: calm ? 'auto' : 'smooth' });
  }
  function bubble(m) {
    var el = document.importNode(word('t-sendiri'), true).firstElementChild;
    el.querySelector('.kata').textContent = m.label || m.text;
    el.className += ' menunggu';
    el.id = 'm' + m.id;
    log.appendChild(el);
    show(el);
  }
  // One notice at a time, inside the log, so that it is read out by the page's only live region.
  function notice(text, again) {
    var el = log.querySelector('.kabar');
    if (el && el.firstElementChild.textContent === text) return;
    quiet();
    if (!text) return;
    el = document.importNode(word('t-kabar'), true).firstElementChild;
    el.firstElementChild.textContent = text;
    if (again) {
      el.appendChild(document.importNode(word('t-ulang'), true));
      el.lastElementChild.addEventListener('click', function () { box.focus(); pump(); });
    }
    log.appendChild(el);
    show(el);
  }
  function quiet() { var el = log.querySelector('.kabar'); if (el) el.parentNode.removeChild(el); }
  function awaitReply(on) {
    waiting = on;
    clearTimeout(waitTimer);
    if (!on) wait.hidden = true;
    else waitTimer = setTimeout(function () { wait.hidden = false; }, 500); // most answers are faster than that
  }

  // Sending: in order, one at a time, under the same id until it is accepted.
  function put(m) {
    m.id = number();
    queue.push(m);
    save('antre', queue);
    bubble(m);
    pump();
  }
  function submitText() {
    var text = box.value.trim();
    box.removeAttribute('aria-invalid');
    if (!text) { box.focus(); return; }
    box.value = '';
    grow();
    save('draf', '');
    put({ text: text });
  }
  function pump() {
    clearTimeout(retryTimer);
    if (sending || !queue.length) return;
    sending = true;
    var m = queue[0], body = new URLSearchParams();
    body.set('id', m.id);
    body.set('bahasa', document.documentElement.lang);
    body.set(m.choice ? 'pilih' : 'teks', m.choice || m.text);
    if (ask.elements.kode) body.set('kode', ask.elements.kode.value);
    if (framed) body.set('bingkai', '1');
    fetch('/tanya', { method: 'POST', body: body, headers: headers('application/json'), credentials: 'same-origin' }).then(function (r) {
      return r.json().then(function (j) { return { r: r, j: j }; });
    }).then(function (x) {
      sending = false;
      if (x.r.status === 202) return accepted(m, x.j);
      var text = x.j.error.message;
      if (x.r.status === 429 || x.r.status >= 500) {
        if (x.r.status === 429) notice(text); else failed();
        return later(Number(x.r.headers.get('Retry-After')) || 5);
      }
      refused(m, text);
    }).catch(function () {
      sending = false;
      failed();
      later(Math.min(30, Math.pow(2, retry++)));
    });
  }
  function accepted(m, j) {
    retry = 0;
    queue.shift();
    save('antre', queue);
    quiet();
    var el = document.getElementById('m' + m.id);
    if (el) el.classList.remove('menunggu');
    if (j.key) { after = 0; hang(); } // the browser had lost the old conversation
    started = true;
    awaitReply(true);
    listen();
    pump();
  }
  function refused(m, text) {
    queue.shift();
    save('antre', queue);
    var el = document.getElementById('m' + m.id);
    if (el) el.parentNode.removeChild(el);
    notice(text);
    if (m.text) {
      box.value = m.text;
      grow();
      box.setAttribute('aria-invalid', 'true');
      box.focus();
    }
    pump();
  }
  function failed() { notice(word(navigator.onLine === false ? 't-putus' : 't-gagal').textContent, true); }
  function later(seconds) { clearTimeout(retryTimer); retryTimer = setTimeout(pump, seconds * 1000); }

  // Listening: a stream, or polls where a proxy swallows streams.
  var line = null, mute = 0, lineTimer = 0, pollTimer = 0, hideTimer = 0;
  function hang() { if (line) { line.abort(); line = null; } clearTimeout(lineTimer); clearTimeout(pollTimer); }
  function listen() {
    if (line || !started || document.hidden) return;
    if (mute > 1 || !window.ReadableStream) { poll(); return; }
    var mine = line = new AbortController(), heard = false, text = '', decoder = new TextDecoder();
    function dog(ms) { clearTimeout(lineTimer); lineTimer = setTimeout(function () { mine.abort(); }, ms); }
    dog(6000);
    fetch('/aliran?after=' + after, { headers: headers('text/event-stream'), signal: mine.signal, credentials: 'same-origin', cache: 'no-store' }).then(function (r) {
      if (!r.ok || !r.body) throw new Error();
      var reader = r.body.getReader();
      function next() {
        return reader.read().then(function (part) {
          if (part.done) return;
          heard = true;
          mute = 0;
          dog(60000);
          text += decoder.decode(part.value, { stream: true });
          var all = text.split('\n\n');
          text = all.pop();
          all.forEach(event);
          return next();
        });
      }
      return next();
    }).catch(function () {}).then(function () {
      if (line !== mine) return; // hung up on purpose
      line = null;
      if (!heard) mute++;
      lineTimer = setTimeout(listen, heard ? 500 : 2000);
    });
  }
  function event(text) {
    var html = '';
    text.split('\n').forEach(function (l) {
      if (l.indexOf('id: ') === 0) after = Number(l.slice(4));
      if (l.indexOf('data: ') === 0) html += l.slice(6) + '\n';
    });
    if (html) add(html);
  }
  function poll() {
    clearTimeout(pollTimer);
    fetch('/jawaban?after=' + after, { headers: headers('text/html'), credentials: 'same-origin', cache: 'no-store' }).then(function (r) {
      if (!r.ok) throw new Error();
      after = Number(r.headers.get('Tanya-After')) || after;
      return r.text();
    }).then(add).catch(function () {}).then(function () {
      if (!document.hidden) pollTimer = setTimeout(poll, waiting ? 1500 : 15000);
    });
  }

  // What the person does.
  var clicked = null;
  document.addEventListener('click', function (e) {
    clicked = e.target.closest ? e.target.closest('button') : null;
  });
  document.addEventListener('submit', function (e) {
    if (e.target === ask) {
      e.preventDefault();
      submitText();
    } else if (e.target === pick) { // not its id: a field of that name hides it
      e.preventDefault();
      var b = e.submitter || clicked;
      if (b) put({ choice: b.value, label: b.lastElementChild.textContent });
    }
  });
  // Enter sends, Shift+Enter begins a line. Some keyboards on phones report no key, only the line break.
  var shift = false, handled = 0;
  box.addEventListener('keydown', function (e) {
    shift = e.shiftKey;
    if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) { e.preventDefault(); handled = Date.now(); submitText(); }
  });
  box.addEventListener('beforeinput', function (e) {
    if (e.inputType !== 'insertLineBreak' || shift || e.isComposing) return;
    e.preventDefault();
    if (Date.now() - handled > 300) submitText();
  });
  // With very large text the box must not cover what is read.
  function fit() { document.body.classList.toggle('lepas', ask.offsetHeight > window.innerHeight * 0.4); }
  window.addEventListener('resize', fit);
  fit();
  function grow() { box.style.height = 'auto'; box.style.height = box.scrollHeight + 3 + 'px'; }
  box.addEventListener('input', function () { grow(); save('draf', box.value); });
  window.addEventListener('online', function () { retry = 0; mute = 0; pump(); listen(); });
  document.addEventListener('visibilitychange', function () {
    clearTimeout(hideTimer);
    if (document.hidden) hideTimer = setTimeout(hang, 30000); else { pump(); listen(); }
  });
  window.addEventListener('pagehide', hang);
  if (framed) document.addEventListener('keydown', function (e) {
    if (e.key === 'Escape') parent.postMessage({ tanya: 'tutup' }, '*'); // says nothing but that the key was pressed
  });

  // Beginning. In a frame, or without cookies, the tab knows the conversation, not the browser.
  if (!box.value) box.value = load('draf') || '';
  if (box.value) grow();
  ask.noValidate = true;
  if (key && (framed || !navigator.cookieEnabled)) {
    var old = load('kunci');
    if (log.hasAttribute('data-baru') && old && old !== key) {
      key = old;
      document.querySelectorAll('input[name=kunci]').forEach(function (i) { i.value = key; });
      fetch('/utas?bahasa=' + document.documentElement.lang, { headers: headers('text/html'), credentials: 'same-origin' }).then(function (r) {
        if (!r.ok) throw new Error();
        after = Number(r.headers.get('Tanya-After')) || 0;
        return r.text();
      }).then(function (html) {
        add(html);
        started = started || log.children.length > 1;
        show(last('.sendiri'));
      }).catch(function () { started = true; }).then(begin);
      return;
    }
    save('kunci', key);
  }
  begin();
  function begin() {
    queue.forEach(bubble);
    var bad = document.getElementById('galat');
    if (bad) bad.focus(); else if (started) show(last('.sendiri'));
    pump();
    listen();
    if (framed) parent.postMessage({ tanya: 'siap' }, '*');
  }
})();
