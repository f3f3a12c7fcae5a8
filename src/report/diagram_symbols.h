#pragma once

#include "draw/drawing.h"
#include "model/topology.h"

/// Small pictures on a diagram. Private to this folder.
namespace fa {

/// Of a kind of node, about 12 by 12 around `center`; nothing for kUnknown.
void add_kind_symbol(draw::Drawing& drawing, NodeKind kind, draw::Point center);

/// A filled triangle with its tip up: the cause.
void add_triangle(draw::Drawing& drawing, draw::Point center, draw::Ink ink);

/// A cross: calls that fail.
void add_cross(draw::Drawing& drawing, draw::Point center, draw::Ink ink);

}  // namespace fa
