// <script src="https://HOST/sematkan.js" data-kode="K7Q2M" data-bahasa="id" async></script>
// puts a button on a page that opens the chat in a frame. It reads nothing of the page and sets no cookie.
(function () {
  'use strict';
  var me = document.currentScript, said = __KATA__;
  if (!me || document.getElementById('tanya-sematan')) return;
  var host = new URL(me.src).origin;
  var lang = said[me.getAttribute('data-bahasa')] ? me.getAttribute('data-bahasa') : 'id', say = said[lang];
  var src = host + '/bingkai?bahasa=' + lang;
  var page = host + '/';
  if (me.getAttribute('data-kode')) {
    src += '&kode=' + encodeURIComponent(me.getAttribute('data-kode'));
    page += '?kode=' + encodeURIComponent(me.getAttribute('data-kode'));
  }

  var font = 'font:600 18px/1.3 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;';
  function make(tag, style, parent) {
    var el = document.createElement(tag);
    el.style.cssText = style;
    parent.appendChild(el);
    return el;
  }
  var box = document.createElement('div');
  box.id = 'tanya-sematan';
  box.lang = lang;
  box.style.cssText = 'all:initial;position:fixed;right:0;bottom:0;z-index:2147483000';
  var root = box.attachShadow ? box.attachShadow({ mode: 'closed' }) : box; // the site's own style stays outside
  var open = make('button', font + 'position:fixed;right:16px;bottom:16px;min-height:52px;padding:12px 22px;border:2px solid #fff8ee;' +
    'border-radius:28px;background:#6f3d14;color:#fff8ee;cursor:pointer;box-shadow:0 3px 14px rgba(0,0,0,.28)', root);
  open.type = 'button';
  open.textContent = say.buka;
  open.setAttribute('aria-expanded', 'false');
  var panel = null;

  function show() {
    if (!panel) {
      panel = make('div', 'position:fixed;right:0;bottom:0;width:min(420px,100vw);height:min(680px,100vh);height:min(680px,100dvh);display:flex;' +
        'flex-direction:column;background:#6f3d14;box-shadow:0 0 24px rgba(0,0,0,.35);border-radius:14px 14px 0 0;overflow:hidden', root);
      panel.setAttribute('role', 'dialog');
      panel.setAttribute('aria-label', say.judul);
      var close = make('button', font + 'align-self:flex-end;min-height:44px;padding:8px 18px;border:0;background:none;color:#fff8ee;cursor:pointer', panel);
      close.type = 'button';
      close.textContent = say.tutup;
      close.addEventListener('click', hide);
      // A site that is not on the service's list gets an empty frame; people still need a way in.
      var way = make('a', font + 'display:none;margin:0 18px 12px;padding:12px 0;color:#fff8ee', panel);
      way.href = page;
      way.target = '_blank';
      way.rel = 'noopener';
      way.textContent = say.buka + ' (' + say.baru + ')';
      var late = setTimeout(function () {
        way.style.display = 'block';
        box.setAttribute('data-tautan', page);
      }, 6000);
      var frame = make('iframe', 'flex:1;width:100%;border:0;background:#fbf7f0;color-scheme:normal', panel);
      frame.title = say.judul;
      frame.src = src;
      panel.addEventListener('keydown', function (e) { if (e.key === 'Escape') hide(); });
      window.addEventListener('message', function (e) {
        if (e.origin !== host || e.source !== frame.contentWindow || !e.data) return;
        if (e.data.tanya === 'siap') {
          clearTimeout(late);
          way.style.display = 'none';
          box.removeAttribute('data-tautan');
        }
        if (e.data.tanya === 'tutup') hide();
      });
    }
    panel.style.display = 'flex';
    open.style.display = 'none';
    open.setAttribute('aria-expanded', 'true');
    panel.firstChild.focus();
  }
  function hide() {
    panel.style.display = 'none';
    open.style.display = '';
    open.setAttribute('aria-expanded', 'false');
    open.focus();
  }
  open.addEventListener('click', show);
  (document.body || document.documentElement).appendChild(box);
})();
