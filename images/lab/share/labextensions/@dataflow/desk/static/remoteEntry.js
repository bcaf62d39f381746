// JupyterLab's side of the desk (lab_kernel/desk): asks the lab's server and shows what it says, as notifications and in the status bar.
//
// Written by hand in the form that JupyterLab loads extensions in (a container of webpack's module federation: `init` hands over the
// modules that JupyterLab shares, `get` gives out ours), so that there is nothing to build. Every sentence comes from the server.
(() => {
  const NAME = "@dataflow/desk";
  const ASK_EVERY = 15000;
  const ASK_HIDDEN_EVERY = 30000;
  // JupyterLab cuts a notification off at 140 characters.
  const LONGEST = 130;
  let modules;

  // JupyterLab has one version of each.
  const shared = async (name) => (await Object.values(modules[name])[0].get())();

  const makeExtension = async () => {
    const [{ Notification, Dialog, showDialog }, { URLExt }, { ServerConnection }, { IStatusBar }, { Widget }] = await Promise.all(
      ["@jupyterlab/apputils", "@jupyterlab/coreutils", "@jupyterlab/services", "@jupyterlab/statusbar", "@lumino/widgets"].map(shared)
    );

    const activate = (app, statusBar) => {
      const settings = app.serviceManager.serverSettings;
      const line = new Widget();
      line.addClass("jp-DataflowDesk-status");
      line.node.style.lineHeight = "var(--jp-statusbar-height)";
      statusBar?.registerStatusItem(`${NAME}:status`, { item: line, align: "left", rank: 100, isActive: () => true });

      // Notices on the screen: our id -> JupyterLab's id and the text. What somebody has closed stays closed, in this browser.
      const open = new Map();
      const closed = new Set(JSON.parse(localStorage.getItem(`${NAME}:closed`) || "[]"));
      const remember = () => localStorage.setItem(`${NAME}:closed`, JSON.stringify([...closed]));

      // A notification's cross only puts it away into the list behind the bell, and tells nobody.
      const putAway = (event) => {
        const toast = event.target.closest?.(".jp-Notification-Toast-Close")?.closest(".Toastify__toast");
        for (const [id, shown] of open) if (toast?.id === shown.id) closed.add(id);
        if (toast) remember();
      };
      document.addEventListener("click", putAway, true);

      const request = async (path, init = {}) => {
        const answer = await ServerConnection.makeRequest(URLExt.join(settings.baseUrl, path), init, settings);
        if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
        return answer.json();
      };

      const actionsOf = (notice, words) => {
        const actions = [];
        if (notice.text.length > LONGEST) {
          const buttons = [Dialog.okButton()];
          const callback = (event) => {
            event.preventDefault();
            showDialog({ title: "", body: notice.text, buttons });
          };
          actions.push({ label: words.more, callback });
        }
        if (notice.action) {
          const callback = () => request(notice.action.path, { method: "POST" }).finally(ask);
          actions.push({ label: notice.action.label, displayType: "accent", callback });
        }
        return actions;
      };

      const show = (notices, words) => {
        for (const [id, shown] of open) {
          const there = notices.some((notice) => notice.id === id);
          if (there && !Notification.manager.has(shown.id)) closed.add(id);
          if (there && Notification.manager.has(shown.id)) continue;
          Notification.dismiss(shown.id);
          open.delete(id);
        }
        // What is over may be said again.
        for (const id of closed) if (!notices.some((notice) => notice.id === id)) closed.delete(id);
        remember();
        for (const notice of notices) {
          if (closed.has(notice.id)) continue;
          const message = notice.text.length > LONGEST ? `${notice.text.slice(0, LONGEST)}…` : notice.text;
          const shown = open.get(notice.id);
          if (!shown) {
            const id = Notification.emit(message, notice.kind, { autoClose: false, actions: actionsOf(notice, words) });
            open.set(notice.id, { id, message });
          } else if (shown.message !== message) {
            Notification.update({ id: shown.id, message, type: notice.kind, autoClose: false, actions: actionsOf(notice, words) });
            shown.message = message;
          }
        }
      };

      // Somebody who works in another tab sees it there.
      const entitle = (notices) => {
        const mark = notices.find((notice) => notice.title)?.title;
        const plain = document.title.replace(/^\(.*?\) /, "");
        const title = mark ? `(${mark}) ${plain}` : plain;
        if (document.title !== title) document.title = title;
      };

      let timer;
      const ask = async () => {
        clearTimeout(timer);
        try {
          const { notices, status, words } = await request("dataflow/desk");
          line.node.textContent = status.text;
          line.node.title = status.all;
          show(notices, words);
          entitle(notices);
        } catch (error) {
          // The server is away or being restarted; JupyterLab says so itself.
          console.debug(NAME, error);
        }
        clearTimeout(timer);
        timer = setTimeout(ask, document.hidden ? ASK_HIDDEN_EVERY : ASK_EVERY);
      };
      document.addEventListener("visibilitychange", ask);
      app.restored.then(ask);
    };

    const plugin = { id: `${NAME}:plugin`, autoStart: true, optional: [IStatusBar], activate };
    return () => ({ __esModule: true, default: plugin });
  };

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB[NAME] = {
    init: (given) => {
      modules = given;
    },
    get: makeExtension,
  };
})();
