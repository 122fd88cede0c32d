/**
 * A servlet application whose orders follow their messages' delivery reports.
 */
@NullMarked
package com.example.orders;

import org.jspecify.annotations.NullMarked;
