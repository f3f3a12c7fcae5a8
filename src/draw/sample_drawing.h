#pragma once

#include <cmath>
#include <string>

#include "draw/drawing.h"

/// Drawings that several tests use.
namespace fa::draw {

/// Every kind of shape once, with words in both languages.
inline Drawing sample_drawing() {
  Drawing d{.width = 360, .height = 150, .title = "storefront -> 在庫サービス", .shapes = {}};
  d.shapes.push_back(Box{{10, 40}, 120, 50, 8, true, Ink::kCard, {Ink::kGood, 1.5}});
  d.shapes.push_back(Box{{230, 40}, 120, 50, 8, true, Ink::kCard, {Ink::kBad, 2.5}});
  d.shapes.push_back(Curve{{{130, 65}, {160, 40}, {190, 90}, {230, 65}}, {Ink::kMuted, 1.5, Dash::kDashed}, true});
  d.shapes.push_back(Text{{70, 70}, "storefront", 13, Ink::kText, Anchor::kMiddle, true});
  d.shapes.push_back(Text{{290, 70}, "在庫サービス", 13, Ink::kText, Anchor::kMiddle});
  d.shapes.push_back(Text{{340, 30}, "GET /stock", 11, Ink::kMuted, Anchor::kEnd, false, true});
  d.shapes.push_back(Polyline{{{10, 110}, {350, 110}, {350, 130}, {10, 130}}, {Ink::kGrid, 0}, true, true, Ink::kBand});
  d.shapes.push_back(Polyline{{{10, 125}, {100, 112}, {180, 128}, {350, 115}}, {Ink::kWindow, 2}});
  d.shapes.push_back(Polyline{{{180, 104}, {180, 136}}, {Ink::kOnset, 1.5, Dash::kDotted}});
  d.shapes.push_back(Circle{{100, 112}, 4, Ink::kWindow, "08:30: 12 ms"});
  return d;
}

inline std::string hostile_text() {
  return "\"'><script>alert(1)</script></svg></title>]]>&amp;\x1b[31m\xe2\x80\xae evil \xff\xfe\xef\xbf\xbf" +
         std::string(1, '\0') + "end";
}

/// Texts that attack, coordinates that are no numbers or far away, shapes that are none.
inline Drawing hostile_drawing() {
  Drawing d{.width = 300, .height = 60, .title = hostile_text(), .shapes = {}};
  d.shapes.push_back(Text{{10, 20}, hostile_text(), 12});
  d.shapes.push_back(Text{{10, 40}, std::string(10'000, 'W'), 12, Ink::kMuted, Anchor::kStart, true, true});
  d.shapes.push_back(Text{{NAN, 40}, "nowhere", 12});
  d.shapes.push_back(Text{{10, 40}, "no size", -1});
  d.shapes.push_back(Circle{{280, 30}, 10, Ink::kBad, hostile_text()});
  d.shapes.push_back(Circle{{280, INFINITY}, 10});
  d.shapes.push_back(Box{{10, 45}, NAN, 10, 3, true});
  d.shapes.push_back(Box{{10, 45}, 1e308, 10, 1e308, true, Ink::kBand, {Ink::kText, INFINITY}});
  d.shapes.push_back(Polyline{{{0, 0}, {NAN, 5}, {1e300, 50}, {-INFINITY, 3}, {20, 50}}, {Ink::kWindow, 1}});
  d.shapes.push_back(Polyline{{}, {Ink::kWindow, 1}});
  d.shapes.push_back(Curve{{{0, 0}, {1, 1}}, {Ink::kWindow, 1}, true});
  d.shapes.push_back(Curve{{{5, 5}, {5, 5}, {5, 5}, {5, 5}}, {Ink::kWindow, 1}, true});
  return d;
}

}  // namespace fa::draw
