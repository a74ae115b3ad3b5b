# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# An instance with opening hours and a queue.

terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {}

variable "changed" {
  type    = bool
  default = false
}

resource "aws_connect_instance" "main" {
  identity_management_type = "CONNECT_MANAGED"
  instance_alias           = "terraform-small"
  inbound_calls_enabled    = true
  outbound_calls_enabled   = var.changed ? false : true
}

resource "aws_connect_hours_of_operation" "office" {
  instance_id = aws_connect_instance.main.id
  name        = "Office"
  time_zone   = var.changed ? "Europe/London" : "Europe/Berlin"

  config {
    day = "MONDAY"
    start_time {
      hours   = 8
      minutes = 30
    }
    end_time {
      hours   = var.changed ? 18 : 17
      minutes = 0
    }
  }
}

resource "aws_connect_queue" "sales" {
  instance_id           = aws_connect_instance.main.id
  name                  = "Sales"
  description           = var.changed ? "Orders and invoices" : "Orders"
  hours_of_operation_id = aws_connect_hours_of_operation.office.hours_of_operation_id
  max_contacts          = var.changed ? 20 : 10
  tags                  = { Team = var.changed ? "north" : "south" }
}
