/**
 * A servlet application whose orders follow their messages' status updates.
 */
@NullMarked
package com.example.orders;

import org.jspecify.annotations.NullMarked;
