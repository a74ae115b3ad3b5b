# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Opening hours, queues, quick connects, routing profiles and flows.

resource "aws_connect_hours_of_operation" "office" {
  instance_id = aws_connect_instance.main.id
  name        = var.changed ? "Office hours" : "Office"
  description = var.changed ? "When somebody is there" : "When the office is open"
  time_zone   = var.changed ? "Europe/London" : "Europe/Berlin"
  tags        = var.changed ? { Stage = "second", New = "yes" } : { Stage = "first", Old = "yes" }

  config {
    day = var.changed ? "TUESDAY" : "MONDAY"
    start_time {
      hours   = var.changed ? 9 : 8
      minutes = var.changed ? 15 : 30
    }
    end_time {
      hours   = var.changed ? 18 : 17
      minutes = var.changed ? 45 : 20
    }
  }

  # Over midnight, and all day.
  config {
    day = "SATURDAY"
    start_time {
      hours   = 22
      minutes = 0
    }
    end_time {
      hours   = 2
      minutes = 0
    }
  }

  config {
    day = "SUNDAY"
    start_time {
      hours   = 0
      minutes = 0
    }
    end_time {
      hours   = 0
      minutes = 0
    }
  }
}

resource "aws_connect_queue" "sales" {
  instance_id           = aws_connect_instance.main.id
  name                  = var.changed ? "Sales and orders" : "Sales"
  description           = var.changed ? "Orders and invoices" : "Orders"
  hours_of_operation_id = var.changed ? data.aws_connect_hours_of_operation.default.hours_of_operation_id : aws_connect_hours_of_operation.office.hours_of_operation_id
  max_contacts          = var.changed ? 20 : 10
  status                = var.changed ? "DISABLED" : "ENABLED"
  quick_connect_ids = [
    aws_connect_quick_connect.phone.quick_connect_id,
    var.changed ? aws_connect_quick_connect.of_two_kinds.quick_connect_id : aws_connect_quick_connect.queue.quick_connect_id
  ]
  tags = var.changed ? { Stage = "second", New = "yes" } : { Stage = "first", Old = "yes" }

  outbound_caller_config {
    outbound_caller_id_name      = var.changed ? "Sales team" : "Sales"
    outbound_caller_id_number_id = var.changed ? aws_connect_phone_number.second_line.id : aws_connect_phone_number.service.id
    outbound_flow_id             = var.changed ? aws_connect_contact_flow.whisper.contact_flow_id : data.aws_connect_contact_flow.default_outbound.contact_flow_id
  }
}

# Only what must be given.
resource "aws_connect_queue" "support" {
  instance_id           = aws_connect_instance.main.id
  name                  = "Support"
  hours_of_operation_id = data.aws_connect_hours_of_operation.default.hours_of_operation_id
}

resource "aws_connect_quick_connect" "phone" {
  instance_id = aws_connect_instance.main.id
  name        = var.changed ? "Night porter" : "Porter"
  description = var.changed ? "At night" : "At day"
  tags        = var.changed ? { Stage = "second", New = "yes" } : { Stage = "first", Old = "yes" }

  quick_connect_config {
    quick_connect_type = "PHONE_NUMBER"
    phone_config {
      phone_number = var.changed ? "+442079460002" : "+442079460001"
    }
  }
}

resource "aws_connect_quick_connect" "queue" {
  instance_id = aws_connect_instance.main.id
  name        = "To a queue"

  quick_connect_config {
    quick_connect_type = "QUEUE"
    queue_config {
      contact_flow_id = var.changed ? aws_connect_contact_flow.queue_transfer.contact_flow_id : data.aws_connect_contact_flow.default_queue_transfer.contact_flow_id
      queue_id        = var.changed ? data.aws_connect_queue.default.queue_id : aws_connect_queue.support.queue_id
    }
  }
}

resource "aws_connect_quick_connect" "user" {
  instance_id = aws_connect_instance.main.id
  name        = "To an agent"

  quick_connect_config {
    quick_connect_type = "USER"
    user_config {
      contact_flow_id = var.changed ? aws_connect_contact_flow.agent_transfer.contact_flow_id : data.aws_connect_contact_flow.default_agent_transfer.contact_flow_id
      user_id         = var.changed ? aws_connect_user.second.user_id : aws_connect_user.agent.user_id
    }
  }
}

# The kind of a quick connect changes in place.
resource "aws_connect_quick_connect" "of_two_kinds" {
  instance_id = aws_connect_instance.main.id
  name        = "Now this, now that"

  quick_connect_config {
    quick_connect_type = var.changed ? "QUEUE" : "PHONE_NUMBER"

    dynamic "phone_config" {
      for_each = var.changed ? [] : ["+442079460003"]
      content {
        phone_number = phone_config.value
      }
    }

    dynamic "queue_config" {
      for_each = var.changed ? [aws_connect_queue.support.queue_id] : []
      content {
        contact_flow_id = data.aws_connect_contact_flow.default_queue_transfer.contact_flow_id
        queue_id        = queue_config.value
      }
    }
  }
}

resource "aws_connect_routing_profile" "sales" {
  instance_id               = aws_connect_instance.main.id
  name                      = var.changed ? "Sales people" : "Sales"
  description               = var.changed ? "Takes calls and chats" : "Takes calls"
  default_outbound_queue_id = var.changed ? aws_connect_queue.support.queue_id : data.aws_connect_queue.default.queue_id
  tags                      = var.changed ? { Stage = "second", New = "yes" } : { Stage = "first", Old = "yes" }

  media_concurrencies {
    channel     = "VOICE"
    concurrency = 1
  }

  media_concurrencies {
    channel     = var.changed ? "CHAT" : "TASK"
    concurrency = var.changed ? 3 : 2
  }

  queue_configs {
    channel  = "VOICE"
    delay    = var.changed ? 5 : 2
    priority = var.changed ? 3 : 1
    queue_id = aws_connect_queue.sales.queue_id
  }

  queue_configs {
    channel  = var.changed ? "CHAT" : "TASK"
    delay    = 0
    priority = 1
    queue_id = var.changed ? data.aws_connect_queue.default.queue_id : aws_connect_queue.support.queue_id
  }
}

resource "aws_connect_contact_flow" "main" {
  instance_id = aws_connect_instance.main.id
  name        = var.changed ? "Front door" : "Main"
  description = var.changed ? "Wishes a good morning" : "Greets"
  type        = "CONTACT_FLOW"
  content     = local.flow
  tags        = var.changed ? { Stage = "second", New = "yes" } : { Stage = "first", Old = "yes" }
}

resource "aws_connect_contact_flow_module" "greeting" {
  instance_id = aws_connect_instance.main.id
  name        = var.changed ? "Good morning" : "Greeting"
  description = var.changed ? "Wishes a good morning" : "Greets"
  content     = local.module
  tags        = var.changed ? { Stage = "second", New = "yes" } : { Stage = "first", Old = "yes" }
}

resource "aws_connect_contact_flow_module" "from_file" {
  instance_id  = aws_connect_instance.main.id
  name         = "From a file"
  filename     = var.unread ? local.module_file : null
  content_hash = var.unread ? filebase64sha256(local.module_file) : null
}

# From a file. The service keeps neither its name nor its hash.
resource "aws_connect_contact_flow" "from_file" {
  instance_id  = aws_connect_instance.main.id
  name         = "From a file"
  filename     = var.unread ? local.flow_file : null
  content_hash = var.unread ? filebase64sha256(local.flow_file) : null
}

resource "aws_connect_contact_flow" "whisper" {
  instance_id = aws_connect_instance.main.id
  name        = "Whisper"
  type        = "OUTBOUND_WHISPER"
  content     = local.ending
}

resource "aws_connect_contact_flow" "queue_transfer" {
  instance_id = aws_connect_instance.main.id
  name        = "To queues"
  type        = "QUEUE_TRANSFER"
  content     = local.ending
}

resource "aws_connect_contact_flow" "agent_transfer" {
  instance_id = aws_connect_instance.main.id
  name        = "To agents"
  type        = "AGENT_TRANSFER"
  content     = local.ending
}

resource "aws_connect_phone_number" "second_line" {
  target_arn   = aws_connect_instance.main.arn
  country_code = "DE"
  type         = "DID"
}
