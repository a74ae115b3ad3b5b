// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

export default {
  title: "Amazon Connect para SAP",
  panel: "Panel de control de contactos",
  status: {
    starting: "Iniciando",
    connecting: "Conectando",
    signIn: "Hay que iniciar sesión",
    ready: "Sesión de {agent}",
    lost: "Conexión perdida",
    stopped: "Sin conexión",
  },
  actions: {
    signIn: "Iniciar sesión",
    retry: "Reintentar",
    dismiss: "Cerrar",
    open: "Abrir",
    allow: "Permitir",
    saveLog: "Guardar registro",
  },
  problems: {
    config_missing: [
      "Faltan los ajustes",
      "No se pudo cargar config.js. Pida a un administrador que vuelva a desplegar el conector.",
    ],
    config_wrong: ["Los ajustes son incorrectos", "Pida a un administrador que corrija config.js:"],
    host_none: [
      "Esta página funciona dentro de SAP",
      "Abra SAP y use allí el conector. Su dirección va en los ajustes de SAP.",
    ],
    host_refused: [
      "Esta página no se puede usar aquí",
      "La inserta {origin}, que no es una de las direcciones de SAP de sus ajustes (sapOrigins).",
    ],
    host_unknown: [
      "Esta página no se puede usar aquí",
      "El navegador no dice qué página la inserta, así que no se puede comparar con sapOrigins.",
    ],
    streams_missing: [
      "Falta la biblioteca de Amazon Connect",
      "No se pudo cargar. Recargue la página; si no ayuda, pida a un administrador que vuelva a desplegar el conector.",
    ],
    storage_blocked: [
      "El navegador no guarda datos de esta página",
      "Amazon Connect los necesita para iniciar sesión. Permítalo aquí. Si no ayuda, permita cookies de terceros para {origin} en el navegador, o salga del modo privado, y recargue la página.",
    ],
    storage_denied: [
      "El navegador no guarda datos de Amazon Connect",
      "Permítalo en el panel, o permita cookies de terceros para {instance} en el navegador y recargue la página.",
    ],
    start_failed: [
      "La página no pudo iniciarse",
      "Recargue la página; si no ayuda, comunique a un administrador: {reason}",
    ],
    sign_in: ["Inicie sesión en Amazon Connect", "Use la ventana que se abrió. Si no hay ninguna, ábrala aquí."],
    popup_blocked: [
      "El navegador bloqueó la ventana de inicio de sesión",
      "Ábrala aquí y permita las ventanas emergentes de esta página.",
    ],
    auth_failed: [
      "Amazon Connect no aceptó el inicio de sesión",
      "La sesión terminó o fue rechazada. Inicie sesión de nuevo.",
    ],
    signed_out: ["La sesión está cerrada", "Inicie sesión de nuevo para atender llamadas."],
    access_denied: [
      "Sin acceso al panel de control",
      "Su usuario de Amazon Connect no puede usarlo. Pida a un administrador un perfil de seguridad con ese permiso.",
    ],
    not_answering: [
      "Amazon Connect aún no responde",
      "Inicie sesión si no lo ha hecho. Si ya lo hizo, pregunte a un administrador si {origin} es un origen aprobado de {instance}.",
    ],
    unreachable: [
      "No se puede llegar a Amazon Connect",
      "Compruebe la red. Si otras páginas funcionan, pregunte a un administrador si {instance} está bloqueado aquí. La página sigue intentándolo.",
    ],
    retries_exhausted: [
      "Amazon Connect no responde",
      "Nadie inició sesión a tiempo, o la instancia no se deja insertar aquí. Inicie sesión y reintente. Si sigue así, pregunte a un administrador si {origin} es un origen aprobado de {instance}.",
    ],
    authorize_exhausted: ["Amazon Connect sigue rechazando la sesión", "Inicie sesión de nuevo y reintente."],
    connection_lost: [
      "Se perdió la conexión con Amazon Connect",
      "Hasta que vuelva no le llegan llamadas. Compruebe la red; la página se conecta sola otra vez.",
    ],
    microphone_not_delegated: [
      "No hay micrófono en esta ventana",
      "La página que rodea a esta no cede el micrófono, así que no se le oye. Pregunte a un administrador o use un teléfono.",
    ],
    microphone_denied: ["El micrófono está bloqueado", "Permítalo para este sitio en la barra de direcciones."],
    softphone_window: [
      "Las llamadas se oyen en una ventana aparte",
      "Ábrala, inicie sesión si lo pide y déjela abierta mientras atiende llamadas.",
    ],
    softphone_failed: ["El softphone tiene un problema", "Amazon Connect informa: {reason}"],
    dial_waiting: ["La llamada espera", "Se llamará a {number} en cuanto inicie sesión."],
    dial_refused: ["No se llama a {number}", ""],
    recording_blocked: [
      "El navegador bloqueó la grabación",
      "Ábrala aquí y permita las ventanas emergentes de esta página.",
    ],
  },
  reasons: {
    number: "No es un número al que se pueda llamar.",
    country: "Su instancia no llama a este país.",
    permission: "No puede llamar. Pida ese permiso a un administrador.",
    busy: "Termine antes la llamada en curso.",
    late: "No inició sesión en un minuto. Haga clic otra vez.",
    library: "No se pudo comprobar el número. Recargue la página.",
    failed: "Amazon Connect informa: {reason}",
  },
};
