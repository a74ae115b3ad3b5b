// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

export default {
  title: "Amazon Connect per SAP",
  panel: "Pannello di controllo dei contatti",
  status: {
    starting: "Avvio",
    connecting: "Connessione",
    signIn: "Accesso necessario",
    ready: "Accesso come {agent}",
    lost: "Connessione persa",
    stopped: "Non connesso",
  },
  actions: {
    signIn: "Accedi",
    retry: "Riprova",
    dismiss: "Chiudi",
    open: "Apri",
    allow: "Consenti",
    saveLog: "Salva il registro",
  },
  problems: {
    config_missing: [
      "Mancano le impostazioni",
      "Impossibile caricare config.js. Chiedere a un amministratore di distribuire di nuovo il connettore.",
    ],
    config_wrong: ["Le impostazioni sono errate", "Chiedere a un amministratore di correggere config.js:"],
    host_none: [
      "Questa pagina funziona dentro SAP",
      "Aprire SAP e usare lì il connettore. Il suo indirizzo va nelle impostazioni di SAP.",
    ],
    host_refused: [
      "Questa pagina non si può usare qui",
      "È incorporata da {origin}, che non è tra gli indirizzi SAP delle sue impostazioni (sapOrigins).",
    ],
    host_unknown: [
      "Questa pagina non si può usare qui",
      "Il browser non dice quale pagina la incorpora: il confronto con sapOrigins è impossibile.",
    ],
    streams_missing: [
      "Manca la libreria di Amazon Connect",
      "Impossibile caricarla. Ricaricare la pagina; se non basta, chiedere a un amministratore di distribuire di nuovo il connettore.",
    ],
    storage_blocked: [
      "Il browser non conserva dati per questa pagina",
      "Amazon Connect ne ha bisogno per l'accesso. Consentirlo qui. Se non basta, consentire nel browser i cookie di terze parti per {origin}, o uscire dalla modalità privata, e ricaricare la pagina.",
    ],
    storage_denied: [
      "Il browser non conserva dati per Amazon Connect",
      "Consentirlo nel pannello, o consentire nel browser i cookie di terze parti per {instance} e ricaricare la pagina.",
    ],
    start_failed: [
      "La pagina non si è avviata",
      "Ricaricare la pagina; se non basta, comunicare a un amministratore: {reason}",
    ],
    sign_in: ["Accedere ad Amazon Connect", "Usare la finestra che si è aperta. Se non c'è, aprirla qui."],
    popup_blocked: [
      "Il browser ha bloccato la finestra di accesso",
      "Aprirla qui e consentire i pop-up per questa pagina.",
    ],
    auth_failed: [
      "Amazon Connect non ha accettato l'accesso",
      "La sessione è terminata o è stata rifiutata. Accedere di nuovo.",
    ],
    signed_out: ["Accesso terminato", "Accedere di nuovo per rispondere alle chiamate."],
    access_denied: [
      "Nessun accesso al pannello di controllo",
      "Il suo utente di Amazon Connect non può usarlo. Chiedere a un amministratore un profilo di sicurezza con questo permesso.",
    ],
    not_answering: [
      "Amazon Connect non risponde ancora",
      "Accedere, se non è stato fatto. Altrimenti chiedere a un amministratore se {origin} è un'origine approvata di {instance}.",
    ],
    unreachable: [
      "Amazon Connect non è raggiungibile",
      "Controllare la rete. Se altre pagine funzionano, chiedere a un amministratore se {instance} è bloccato qui. La pagina continua a provare.",
    ],
    retries_exhausted: [
      "Amazon Connect non risponde",
      "Nessuno ha fatto l'accesso in tempo, o l'istanza non si lascia incorporare qui. Accedere e riprovare. Se resta così, chiedere a un amministratore se {origin} è un'origine approvata di {instance}.",
    ],
    authorize_exhausted: ["Amazon Connect continua a rifiutare la sessione", "Accedere di nuovo e riprovare."],
    connection_lost: [
      "La connessione ad Amazon Connect è persa",
      "Fino al ritorno non arrivano chiamate. Controllare la rete; la pagina si riconnette da sola.",
    ],
    microphone_not_delegated: [
      "Nessun microfono in questa finestra",
      "La pagina attorno a questa non cede il microfono: non la sentono. Chiedere a un amministratore, o usare un telefono.",
    ],
    microphone_denied: ["Il microfono è bloccato", "Consentirlo per questo sito nella barra degli indirizzi."],
    softphone_window: [
      "Le chiamate si sentono in una finestra a parte",
      "Aprirla, accedere se lo chiede e lasciarla aperta mentre si risponde alle chiamate.",
    ],
    softphone_failed: ["Il softphone ha un problema", "Amazon Connect segnala: {reason}"],
    dial_waiting: ["La chiamata attende", "{number} verrà chiamato appena fatto l'accesso."],
    dial_refused: ["{number} non viene chiamato", ""],
    recording_blocked: [
      "Il browser ha bloccato la registrazione",
      "Aprirla qui e consentire i pop-up per questa pagina.",
    ],
  },
  reasons: {
    number: "Non è un numero che si può chiamare.",
    country: "La sua istanza non chiama questo paese.",
    permission: "Non può chiamare. Chiedere questo permesso a un amministratore.",
    busy: "Terminare prima la chiamata in corso.",
    late: "Nessun accesso entro un minuto. Fare clic di nuovo.",
    library: "Impossibile controllare il numero. Ricaricare la pagina.",
    failed: "Amazon Connect segnala: {reason}",
  },
};
